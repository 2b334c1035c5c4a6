package io.waybill.e2e.crash;

/**
 * A file that was put into S3.
 *
 * @param directory where it is to appear
 * @param certain   whether the store said that it took it; if not, it may be delivered, or not
 */
record Sent(String directory, String name, long size, String sha256, boolean certain) {
    String key() {
        return directory + "/" + name;
    }
}
