/**
 * Deadlines and dead letters. The monitor reads every file's state and keeps the next deadline of each in an index
 * ordered by time; a tick of the clock reads what is due and says so to file-events, where the state-processor decides
 * what it means. It writes one dead letter for each time a file is given up.
 *
 * <p><b>A deadline is said until it is heard.</b> The event is written in the transaction that moves its entry in the
 * index, so neither a crash nor a second owner loses it. Yet between that topic and the state there are other ways to
 * lose a record: a cluster that failed over uncleanly, a retention that passed while nobody read, an operator's reset.
 * So an entry does not leave when it fires. It comes back after a minute, then two, and so on up to {@link
 * io.waybill.monitor.TrackedFile#LONGEST_PAUSE}, until the file has a newer state. Saying it twice is harmless: the event
 * carries the version of the state it is about, and for any other version it is ignored.
 */
@NullMarked
package io.waybill.monitor;

import org.jspecify.annotations.NullMarked;
