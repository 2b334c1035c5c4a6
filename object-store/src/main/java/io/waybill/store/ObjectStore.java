package io.waybill.store;

import io.waybill.runtime.config.WaybillConfig.S3Settings;

/**
 * Opens the store of a configuration. Each face has connections and time-outs of its own, as its work needs them, and is
 * closed by the caller. Nothing is asked of the store before the first call.
 */
public final class ObjectStore {
    private ObjectStore() {}

    /** Connects within 10 s; an answer, repeats included, takes 30 s at most. Up to 50 connections. */
    public static ObjectCatalog catalog(S3Settings settings) {
        return new S3Catalog(new StoreClient(settings, Limits.DESCRIBING), new Refusals(settings));
    }

    /** Connects within 10 s; a store that sends nothing for 60 s is given up. The caller limits the connections. */
    public static ObjectReader reader(S3Settings settings) {
        return new S3Reader(new StoreClient(settings, Limits.READING), new Refusals(settings));
    }

    /** Connects within 2 s; a store that takes and sends nothing for 30 s is given up. Up to 50 connections. */
    public static ObjectWriter writer(S3Settings settings) {
        return new ObjectWriter(new StoreClient(settings, Limits.WRITING), new Refusals(settings));
    }
}
