package io.waybill.ingest;

/**
 * The counts of one committed batch.
 *
 * @param notifications records that the batch read
 * @param matched       object events that led to at least one arrival
 * @param repeated      object events whose files all had an arrival in this batch already
 * @param unmatched     object events of objects that no route takes
 * @param gone          object events of objects that were removed before ingest looked at them
 * @param ignored       object events that bring no file: removals, tests
 * @param unreadable    object events that ingest cannot read, or whose object the store refuses to describe for good
 * @param events        arrivals that the batch published; at least {@code matched}, because several routes may take an
 *                      object
 * @param deadLetters   records that became dead letters, each for one or more unreadable object events
 * @param parked        object events whose objects wait; each is counted again when the waiting ends
 * @param voidMarks     objects whose mark of an origin is not believed; each is a file like one without a mark
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
        int deadLetters,
        int parked,
        int voidMarks) {
    /**
     * The number of all object events that came to their end. A record may have several. Each object event ends in
     * exactly one of six ways.
     */
    public int objectEvents() {
        return matched + repeated + unmatched + gone + ignored + unreadable;
    }
}
