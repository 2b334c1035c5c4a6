package io.waybill.domain;

/**
 * A failed attempt's reason.
 *
 * @param kind   the closed reason
 * @param detail the expectation and the finding, for people; holds no secret. A long detail is cut: its writer may
 *               write anything, and a state or letter that does not fit into a record would stop the stream
 */
public record Failure(FailureKind kind, String detail) {
    /** Characters kept of a detail. */
    public static final int LONGEST_DETAIL = 4_000;

    public Failure {
        detail = Texts.cut(detail, LONGEST_DETAIL);
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
