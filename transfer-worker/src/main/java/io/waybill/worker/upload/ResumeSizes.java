package io.waybill.worker.upload;

/**
 * From which size on the worker resumes an upload that broke off.
 *
 * @param step  how many bytes a large upload sends before it again records how far it is
 * @param least how many bytes must be safe; the worker sends fewer bytes again faster than it takes them over
 */
public record ResumeSizes(long step, long least) {
    /** The sizes of the product. */
    public static final ResumeSizes DEFAULT = new ResumeSizes(64L << 20, 8L << 20);

    /** For uploads that cannot be resumed. */
    static final ResumeSizes NEVER = new ResumeSizes(DEFAULT.step(), Long.MAX_VALUE);
}
