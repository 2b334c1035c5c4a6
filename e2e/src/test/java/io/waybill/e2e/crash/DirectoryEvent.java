package io.waybill.e2e.crash;

import java.util.Optional;

/**
 * What the kernel told of one name at the destination.
 *
 * @param number    counts all directory events in their order
 * @param directory relative to the served directory, such as "calm" or "calm/.waybill"
 * @param movedFrom the former name of a file that was renamed in here from a watched directory
 */
record DirectoryEvent(long number, Kind kind, String directory, String name, Optional<String> movedFrom) {
    /** What happened to the name. */
    enum Kind {
        CREATE,
        CLOSE_WRITE,
        MOVED_FROM,
        MOVED_TO,
        DELETE
    }

    /** A name that the partner looks at. */
    boolean isFinal() {
        return !directory.contains("/");
    }

    /** Of the object that gets this final name. */
    String key() {
        return directory + "/" + name;
    }

    @Override
    public String toString() {
        return "#" + number + " " + kind + " " + directory + "/" + name
                + movedFrom.map(from -> " from " + from).orElse("");
    }
}
