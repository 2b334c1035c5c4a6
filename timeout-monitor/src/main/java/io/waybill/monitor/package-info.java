/**
 * Deadlines and dead letters. The monitor reads the state of every file, and keeps the next deadline of each file in an
 * index ordered by time. At each tick of the clock it reads the deadlines that are due and reports them to file-events.
 * The state-processor decides what such an event means. The monitor writes one dead letter each time a file is given
 * up.
 *
 * <p><b>The monitor repeats a deadline until the file has a newer state.</b> It writes the event in the transaction
 * that moves the deadline's entry in the index, so neither a crash nor a second owner loses the event. But a record can
 * still be lost between file-events and the state: after an unclean fail-over of a cluster, if the retention passes
 * while nobody reads, or after an operator's reset. So the entry does not leave the index when the monitor reports the
 * deadline. The monitor repeats the report after one minute, then after two, and so on up to
 * {@link io.waybill.monitor.TrackedFile#LONGEST_PAUSE}, until the file has a newer state. A repeated report is
 * harmless: the event carries the version of the state that it is about, and the state-processor ignores it for any
 * other version.
 */
@NullMarked
package io.waybill.monitor;

import org.jspecify.annotations.NullMarked;
