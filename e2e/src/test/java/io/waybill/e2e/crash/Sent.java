package io.waybill.e2e.crash;

import io.waybill.domain.SourceObject;

/**
 * A version of an object that was put into S3.
 *
 * @param directory where it is to appear
 * @param version   counts the puts of one key, from 1
 * @param etag      the MD5 of its content, as the store names it
 * @param certain   whether the store said that it took it; if not, it may be delivered, or not
 */
record Sent(String directory, String name, int version, long size, String sha256, String etag, boolean certain) {
    String key() {
        return directory + "/" + name;
    }

    /** What no other version of any key has. */
    String identity() {
        return identity(key(), etag);
    }

    static String identity(SourceObject source) {
        return identity(source.key(), source.etag());
    }

    private static String identity(String key, String etag) {
        return key + "#" + etag;
    }
}
