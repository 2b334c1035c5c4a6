package io.waybill.domain;

import java.util.List;

/** What an event means for a file. */
public sealed interface Decision {
    /** The file is now in another state, and others must hear of it. */
    record Moved(FileState state, List<Effect> effects) implements Decision {
        public Moved {
            effects = List.copyOf(effects);
        }
    }

    /** A replay, or a report that came too late: normal, and counted. */
    record Ignored(String reason) implements Decision {}

    /** Cannot happen in a healthy pipeline: a dead letter. */
    record Rejected(String reason) implements Decision {}
}
