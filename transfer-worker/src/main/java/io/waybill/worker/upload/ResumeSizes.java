package io.waybill.worker.upload;

/**
 * From what size on an upload is gone on with after it broke off.
 *
 * @param step  how many bytes a large upload sends before it remembers anew how far it is
 * @param least how many bytes must be safe; less is sent again faster than it is taken over
 */
public record ResumeSizes(long step, long least) {
    /** The product's. */
    public static final ResumeSizes DEFAULT = new ResumeSizes(64L << 20, 8L << 20);
}
