package io.waybill.ingest;

/**
 * What one committed batch came to.
 *
 * @param notifications records read
 * @param matched       object events that brought an event
 * @param repeated      object events whose files all had an event in this batch already
 * @param unmatched     object events that no route takes
 * @param gone          object events of objects that were gone before they were seen
 * @param ignored       object events that bring no file: removals, tests
 * @param unreadable    object events that cannot be read, or whose object the store refuses to describe for good
 * @param events        arrivals published; at least {@code matched}, since an object may be on several routes
 * @param deadLetters   records set aside, each for one or more unreadable object events
 */
public record BatchCounts(
        int notifications,
        int matched,
        int repeated,
        int unmatched,
        int gone,
        int ignored,
        int unreadable,
        int events,
        int deadLetters) {
    /** What the records said in all, a record may say much: each object event ends in exactly one of six ways. */
    public int objectEvents() {
        return matched + repeated + unmatched + gone + ignored + unreadable;
    }
}
