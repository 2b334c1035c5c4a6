package io.waybill.runtime.explain;

import io.waybill.domain.FailureKind;
import java.util.Optional;

/** What a person can mend, for each kind of failure. docs/failures.md says more. */
final class FailureAdvice {
    private FailureAdvice() {}

    /** One sentence; empty if there is nothing to mend. */
    static Optional<String> of(FailureKind kind) {
        return Optional.of(switch (kind) {
            case BAD_NAME ->
                "Correct the route's 'path' or the destination's 'charset', or store the object under another key";
            case SOURCE_GONE -> "If the object was not meant to be deleted, store it again: it becomes a new file";
            case SOURCE_FORBIDDEN -> "Let Waybill read the bucket and the key, or restore the object from its archive";
            case SOURCE_UNREACHABLE -> "Check the store, the network, and the worker's credentials and clock";
            case UNKNOWN_DESTINATION -> "Give all services the same configuration, and restart them";
            case UNREACHABLE -> "Check the network and the partner's server";
            case AUTHENTICATION -> "Agree on user, key and password with the partner, then restart the worker";
            case HOST_KEY ->
                "Ask the partner to confirm the new fingerprint by another way, put it into 'hostKeys', and restart the"
                        + " worker";
            case PATH_MISSING -> "Ask the partner to make the directory, or set 'createDirectories'";
            case FORBIDDEN -> "Ask the partner for the permission to write there, or correct the route's 'path'";
            case NAME_CONFLICT ->
                "Ask the partner to remove what has the name, or choose another 'onConflict' or 'path'";
            case DISK_FULL -> "Ask the partner to make room";
            case CONNECTION_LOST -> "If it continues, check the network and the limits of the partner's server";
            case STALLED -> "If it continues, check the network; a slow line may need a longer 'stallTimeout'";
            case VERIFICATION -> "Ask whether the partner changes or moves files while they arrive";
            case REMOTE_ERROR -> "Ask the partner for the log of the server";
            case IMPORT_FAILED -> "Check the importer";
            case IMPORT_REJECTED -> "Ask the sender to correct the file and to store it again: it becomes a new file";
            case IN_DOUBT -> "Ask the partner whether the file is there, then resolve it";
            case INTERNAL -> "Report it, with the text and the log";
            case SUPERSEDED, CANCELLED -> "";
        }).filter(advice -> !advice.isEmpty());
    }
}
