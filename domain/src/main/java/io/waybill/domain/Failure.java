package io.waybill.domain;

/**
 * A failed attempt's reason.
 *
 * @param kind   the closed reason
 * @param detail what was found and what was expected, for people; holds no secret
 */
public record Failure(FailureKind kind, String detail) {
    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
