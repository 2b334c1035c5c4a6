package io.waybill.domain.audit;

import io.waybill.domain.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One action that somebody took, or was refused. Immutable. Texts that are too long are cut.
 *
 * @param at        to the millisecond
 * @param who       the principal; where there is no login, the name that the request gives. Empty if nobody is known
 * @param role      of the principal, such as "operator"; {@value #UNPROVEN} where there is no login
 * @param what      the action, such as "redrive"
 * @param target    what it concerns
 * @param reason    for people; may be empty
 * @param detail    why it was refused, or what else is to be known; may be empty
 * @param requestId all entries of one request have the same one
 * @param source    the address that the request came from, or the host of a command
 * @param counts    of an action on many files; null for every other
 */
public record AuditEntry(
        Instant at,
        String who,
        String role,
        String what,
        Target target,
        String reason,
        Outcome outcome,
        String detail,
        String requestId,
        String source,
        @Nullable Counts counts) {

    /** The role of somebody whose name nobody has proven. */
    public static final String UNPROVEN = "none";
    /** The role of a command that writes to Kafka itself. Whoever may do that has proven it to Kafka. */
    public static final String COMMAND_LINE = "command-line";

    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_TEXT = 2_000;

    public AuditEntry {
        who = Texts.cut(who, LONGEST_NAME);
        role = Texts.cut(role, LONGEST_NAME);
        what = Texts.cut(what, LONGEST_NAME);
        reason = Texts.cut(reason, LONGEST_TEXT);
        detail = Texts.cut(detail, LONGEST_TEXT);
        requestId = Texts.cut(requestId, LONGEST_NAME);
        source = Texts.cut(source, LONGEST_NAME);
    }

    /** How an action ended for the one who asked. */
    public enum Outcome {
        /** It is written. Whether it has an effect is in the history of the file. */
        ACCEPTED,
        REFUSED
    }

    /**
     * What an action concerns.
     *
     * @param kind such as "file" or "destination"
     * @param name the file's id, the destination's name; for many files the filter
     */
    public record Target(String kind, String name) {
        public static final String FILE = "file";

        public Target {
            kind = Texts.cut(kind, LONGEST_NAME);
            name = Texts.cut(name, LONGEST_TEXT);
        }

        /** The target of an action on one file. */
        public static Target file(String id) {
            return new Target(FILE, id);
        }

        /** The key of its entries: the id of a file, so that all entries of a file are in one partition. */
        public String key() {
            return kind.equals(FILE) ? name : kind + " " + name;
        }

        @Override
        public String toString() {
            return name.isEmpty() ? kind : kind + " " + name;
        }
    }

    /** For how many files an action was accepted and refused, and how many it left out. */
    public record Counts(long accepted, long refused, long leftOut) {}

    /** The key of its record. */
    public String key() {
        return target.key();
    }
}
