package io.waybill.domain;

import java.util.List;

/** The result of an event for a file. */
public sealed interface Decision {
    /** The file has a new state, and others must hear of it. */
    record Moved(FileState state, List<Effect> effects) implements Decision {
        public Moved {
            effects = List.copyOf(effects);
        }
    }

    /** A replay, or a report that came too late: normal, and counted. */
    record Ignored(String reason) implements Decision {}

    /** This cannot happen in a healthy pipeline. It becomes a dead letter. */
    record Rejected(String reason) implements Decision {}
}
