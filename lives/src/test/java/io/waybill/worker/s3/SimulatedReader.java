package io.waybill.worker.s3;

import io.waybill.worker.SourceReader;
import software.amazon.awssdk.services.s3.S3Client;

/** The real reader of objects, over a client that is not of the product. */
public final class SimulatedReader {
    private SimulatedReader() {}

    public static SourceReader over(S3Client client) {
        return new S3SourceReader(client);
    }
}
