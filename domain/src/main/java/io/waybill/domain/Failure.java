package io.waybill.domain;

/**
 * A failed attempt's reason.
 *
 * @param kind   the closed reason
 * @param detail what was found and what was expected, for people; holds no secret. A long one is cut: whoever reports
 *               may write what they like, and a state or letter that no longer fits into a record would stop the stream
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
