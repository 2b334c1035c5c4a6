package io.waybill.store;

import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/** The real reader of objects, over a client that is not of the product. */
public final class SimulatedReader {
    private static final S3Settings SETTINGS =
            new S3Settings(Optional.empty(), "us-east-1", false, Optional.empty(), Optional.empty());

    private SimulatedReader() {}

    public static ObjectReader over(S3Client client) {
        return new S3Reader(new StoreClient(client), new Refusals(SETTINGS));
    }
}
