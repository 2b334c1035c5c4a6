package io.waybill.ingest;

/**
 * What one committed batch came to.
 *
 * @param notifications records read
 * @param matched       notices that brought an event
 * @param repeated      notices whose files all had an event in this batch already
 * @param unmatched     notices that no route takes
 * @param gone          notices of objects that were gone before they were seen
 * @param ignored       notices that bring no file: removals, tests
 * @param unreadable    notices that cannot be read, or whose object the store refuses to describe for good
 * @param events        arrivals published; at least {@code matched}, since an object may be on several routes
 * @param deadLetters   records set aside, each for one or more unreadable notices
 */
public record Tally(
        int notifications,
        int matched,
        int repeated,
        int unmatched,
        int gone,
        int ignored,
        int unreadable,
        int events,
        int deadLetters) {
    /** What the records said in all, a record may say much: each notice ends in exactly one of six ways. */
    public int notices() {
        return matched + repeated + unmatched + gone + ignored + unreadable;
    }
}
