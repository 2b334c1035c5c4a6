package io.waybill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Keeps the contracts of today as a past version, with bytes that they wrote. No run of all tests takes a class of this
 * name for a test; it runs on demand, at a release:
 * {@code mvn -pl schemas test -Dtest=KeepVersion -Dwaybill.schemas.keep=v2}.
 */
@EnabledIfSystemProperty(named = KeepVersion.KEEP, matches = "v\\d+", disabledReason = "writes into the sources")
final class KeepVersion {
    static final String KEEP = "waybill.schemas.keep";

    @Test
    void shouldKeepTheContractsAndBytesThatTheyWrote() throws IOException {
        String version = Objects.requireNonNull(System.getProperty(KEEP));
        Path kept = Files.createDirectories(Contracts.PAST.resolve(version));
        Files.createDirectories(Contracts.CORPUS.resolve(version));
        for (Schema schema : Contracts.in(Contracts.PRESENT).values()) {
            String name = schema.getName() + ".avsc";
            Files.writeString(kept.resolve(name), Files.readString(Contracts.PRESENT.resolve(name)));
            for (Sample sample : Sample.values()) {
                Files.write(CorpusTest.file(version, schema, sample), encoded(sample.of(schema)));
            }
        }
        assertThat(Contracts.in(kept)).isEqualTo(Contracts.in(Contracts.PRESENT));
    }

    private static byte[] encoded(GenericRecord record) throws IOException {
        var bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
