package io.waybill.worker.sftp;

/** One open handle of a file, and the channel it belongs to. */
final class Stripe {
    private final SftpRequests requests;
    private final byte[] handle;

    /**
     * @param handle as the server gave it
     */
    Stripe(SftpRequests requests, byte[] handle) {
        this.requests = requests;
        this.handle = handle;
    }

    SftpRequests requests() {
        return requests;
    }

    byte[] handle() {
        return handle;
    }
}
