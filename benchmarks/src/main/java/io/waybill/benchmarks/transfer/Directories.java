package io.waybill.benchmarks.transfer;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.store.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A store whose buckets are directories: what a command-line tool reads. */
final class Directories implements ObjectReader {
    @Override
    public InputStream open(SourceObject object) throws TransferException {
        try {
            return Files.newInputStream(Path.of(object.bucket(), object.key()));
        } catch (IOException e) {
            throw new TransferException(FailureKind.SOURCE_GONE, e.toString(), e);
        }
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
