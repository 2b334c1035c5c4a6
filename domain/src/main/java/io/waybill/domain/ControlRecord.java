package io.waybill.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A value of {@code controls}. Its key is {@link #key()}. */
public sealed interface ControlRecord permits Control, Release, Suspension, ControlRecord.Approval {
    /** The id under which the topic keeps only the newest record of the same subject. */
    FileId key();

    /**
     * A request about many files that waits for a second person, or has had one.
     *
     * @param id       random; nobody can guess it
     * @param at       when it was asked for
     * @param by       who asked, 1 to 200 characters
     * @param reason   why, for people
     * @param action   the word of the action
     * @param order    the request as its receiver wrote it down; opaque here
     * @param files    how many files it was about
     * @param expires  from when on nobody can use it; after {@code at}
     * @param decision what the second person said; null until then
     */
    record Approval(
            String id,
            Instant at,
            String by,
            String reason,
            String action,
            String order,
            long files,
            Instant expires,
            @Nullable Decision decision)
            implements ControlRecord {
        public Approval {
            by = Texts.cut(by, FileEvent.LONGEST_BY);
            reason = Texts.cut(reason, FileEvent.LONGEST_REASON);
            if (files < 1) {
                throw new IllegalArgumentException("an approval is about files, but was about " + files);
            }
        }

        /** What the second person said. */
        public record Decision(boolean approved, Instant at, String by, String reason) {
            public Decision {
                by = Texts.cut(by, FileEvent.LONGEST_BY);
                reason = Texts.cut(reason, FileEvent.LONGEST_REASON);
            }
        }

        /** Where it stands. The names are JSON values, hence public: add, never rename. */
        public enum Standing {
            /** Nobody has said anything. */
            WAITING,
            /** The request may be sent. */
            APPROVED,
            /** The request may not be sent. */
            REJECTED,
            /** Its time is over, whatever was said. */
            EXPIRED
        }

        /** Where it stands at a moment. */
        public Standing standing(Instant now) {
            if (!now.isBefore(expires)) {
                return Standing.EXPIRED;
            }
            if (decision == null) {
                return Standing.WAITING;
            }
            return decision.approved() ? Standing.APPROVED : Standing.REJECTED;
        }

        /** The same, with what the second person said. */
        public Approval decided(Decision said) {
            return new Approval(id, at, by, reason, action, order, files, expires, said);
        }

        @Override
        public FileId key() {
            return FileId.ofPlace("approval", id);
        }
    }
}
