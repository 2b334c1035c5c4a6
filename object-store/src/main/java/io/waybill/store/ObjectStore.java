package io.waybill.store;

import io.waybill.runtime.config.WaybillConfig.S3Settings;

/**
 * Opens the store of a configuration. Each client has its own connections and time-outs, as its work needs them. The
 * caller closes the client. Waybill sends nothing to the store before the first call.
 */
public final class ObjectStore {
    private ObjectStore() {}

    /** Connects within 10 s. An answer, repeats included, takes at most 30 s. Uses up to 128 connections. */
    public static ObjectCatalog catalog(S3Settings settings) {
        return catalog(settings, OriginSeal.NONE);
    }

    /**
     * The same.
     *
     * @param seal proves the origins of the objects that it describes
     */
    public static ObjectCatalog catalog(S3Settings settings, OriginSeal seal) {
        return new S3Catalog(new StoreClient(settings, Limits.DESCRIBING), new Refusals(settings), seal);
    }

    /** Connects within 10 s. Gives up on a store that sends nothing for 60 s. The caller limits the connections. */
    public static ObjectReader reader(S3Settings settings) {
        return new S3Reader(new StoreClient(settings, Limits.READING), new Refusals(settings));
    }

    /** Connects within 2 s. Gives up on a store that takes and sends nothing for 30 s. Uses up to 50 connections. */
    public static ObjectWriter writer(S3Settings settings) {
        return new ObjectWriter(new StoreClient(settings, Limits.WRITING), new Refusals(settings));
    }
}
