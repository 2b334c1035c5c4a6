package io.waybill.lives;

import io.waybill.domain.Control;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Suspension;

/** Looks at what really happens in one life, and says where a promise is broken. */
interface Checker {
    /**
     * A file got a final name.
     *
     * @param file   whose staging file it was; null if it was not ours
     * @param before what had the name until now; null if nothing
     * @param known  how the name was written until now; null if it was free
     */
    default void appeared(String path, Node node, Truth.Known file, Node before, String known) {}

    /** A file's bytes stood whole under a final name. */
    default void stood(String path, Truth.Known file) {}

    /** A file is about to be written under its final name, while its done-file says that it is whole. */
    default void writtenBesideDoneFile(String path) {}

    /** We took a file away from its final name. */
    default void removed(String path, Node node) {}

    /** We gave a file that had a final name another, which no partner looks at. */
    default void setAside(String path, Node node, String to) {}

    /** A file that was set aside has its final name again. */
    default void putBack(String path) {}

    /** The partner put something there, or took what was there. */
    default void partnerActed(String path) {}

    /** The workers are told that sendings of a file are not wanted any more. */
    default void givenUp(Control control) {}

    /** A destination or a route is paused or resumed. */
    default void suspended(Suspension before, Suspension after) {}

    /** A worker has opened a file of ours for writing. */
    default void opened(Worker worker, Node node) {}

    /** Importers are told that a file is ready. */
    default void announced(FileState file) {}

    /** The monitor says that a deadline of a file has passed. */
    default void deadlineSaid(FileEvent.DeadlineReached reached) {}

    /** The monitor writes that a file was given up. */
    default void letter(FileState file) {}

    /** Work was handed out. */
    default void dispatched(FileState file) {}

    /** An event was applied; before is null for a new file, after for one that was rejected. */
    default void moved(FileState before, FileEvent event, FileState after) {}

    /** The life is over. */
    default void ended(boolean allTerminal) {}
}
