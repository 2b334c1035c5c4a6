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
    static final int LONGEST_DETAIL = 4_000;

    public Failure {
        if (detail.length() > LONGEST_DETAIL) {
            int end = LONGEST_DETAIL - 1;
            boolean halved = Character.isHighSurrogate(detail.charAt(end - 1));
            detail = detail.substring(0, halved ? end - 1 : end) + "…";
        }
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
