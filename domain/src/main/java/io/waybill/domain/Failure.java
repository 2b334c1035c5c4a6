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

    private static final String UNCHANGED = "unchanged: ";

    /** The failure of an object that is as it was when it was delivered before, and that its route skips. */
    public static Failure unchanged(String detail) {
        return new Failure(FailureKind.SUPERSEDED, UNCHANGED + detail);
    }

    /** Whether it is a newer version that the file gave way to, so that sending it again ends the same way. */
    public boolean gaveWay() {
        return kind == FailureKind.SUPERSEDED && !detail.startsWith(UNCHANGED);
    }

    public Failure {
        detail = Texts.cut(detail, LONGEST_DETAIL);
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
