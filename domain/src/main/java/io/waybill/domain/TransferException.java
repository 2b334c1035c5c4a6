package io.waybill.domain;

/** A step of a transfer failed for a known reason. The attempt ends with it. */
public class TransferException extends Exception {
    private final Failure failure;

    public TransferException(FailureKind kind, String detail) {
        this(new Failure(kind, detail));
    }

    public TransferException(FailureKind kind, String detail, Throwable cause) {
        super(detail, cause);
        this.failure = new Failure(kind, detail);
    }

    public TransferException(Failure failure) {
        super(failure.detail());
        this.failure = failure;
    }

    public final Failure failure() {
        return failure;
    }

    public final FailureKind kind() {
        return failure.kind();
    }
}
