package io.waybill.lives;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.NameFolding;
import io.waybill.sftp.Capability;
import java.util.EnumSet;
import java.util.Set;

/** What kind of server a destination has: what it offers, and what it really does. */
enum Profile {
    /** Atomic and durable, as OpenSSH. */
    ATOMIC_DURABLE(DestinationClass.ATOMIC_DURABLE),
    NO_FSYNC(DestinationClass.ATOMIC),
    NO_POSIX_RENAME(DestinationClass.NON_ATOMIC),
    /** Offers posix-rename and answers FAILURE to all of it. */
    POSIX_RENAME_FAILS(DestinationClass.NON_ATOMIC),
    /** The same, where it cannot be tried out beforehand. */
    POSIX_RENAME_FAILS_UNPROVEN(DestinationClass.NON_ATOMIC),
    /** Refuses a name that is taken before it looks whether there is anything to rename. */
    RENAME_REFUSES_FIRST(DestinationClass.NON_ATOMIC),
    RENAME_FORBIDDEN(DestinationClass.ATOMIC_DURABLE),
    RENAME_UNSUPPORTED(DestinationClass.DIRECT),
    DIRECT(DestinationClass.DIRECT),
    FOLDS_CASE(DestinationClass.ATOMIC_DURABLE),
    FOLDS_UNICODE(DestinationClass.ATOMIC_DURABLE),
    /** The staging directory lies on another file system: no rename out of it succeeds. */
    STAGING_ELSEWHERE(DestinationClass.ATOMIC_DURABLE),
    /** What was written and not synced may be gone after a restart. */
    LOSES_UNSYNCED(DestinationClass.ATOMIC);

    private final DestinationClass promised;

    Profile(DestinationClass promised) {
        this.promised = promised;
    }

    /** What the server can keep, whatever it offers. */
    DestinationClass promised() {
        return promised;
    }

    /** What a session offers, before anything is tried out. */
    Set<Capability> offered() {
        var offered = EnumSet.noneOf(Capability.class);
        if (this == DIRECT) {
            return offered;
        }
        offered.add(Capability.RENAME);
        offered.add(Capability.FREE_SPACE);
        if (this != NO_POSIX_RENAME && this != RENAME_REFUSES_FIRST && this != RENAME_UNSUPPORTED) {
            offered.add(Capability.REPLACE);
        }
        if (this != NO_FSYNC && this != LOSES_UNSYNCED) {
            offered.add(Capability.SYNC);
            offered.add(Capability.SYNC_DIRECTORY);
        }
        return offered;
    }

    /** Whether files are tried out beside the first that is staged. */
    boolean probed() {
        return this != POSIX_RENAME_FAILS_UNPROVEN;
    }

    boolean replaces() {
        return offered().contains(Capability.REPLACE)
                && this != POSIX_RENAME_FAILS
                && this != POSIX_RENAME_FAILS_UNPROVEN;
    }

    /** Others let them be renamed only. */
    boolean removesDirectories() {
        return this != RENAME_REFUSES_FIRST;
    }

    NameFolding folding() {
        return switch (this) {
            case FOLDS_CASE -> NameFolding.CASE;
            case FOLDS_UNICODE -> NameFolding.UNICODE;
            default -> NameFolding.NONE;
        };
    }

    boolean renames() {
        return this != DIRECT && this != RENAME_UNSUPPORTED && this != RENAME_FORBIDDEN;
    }
}
