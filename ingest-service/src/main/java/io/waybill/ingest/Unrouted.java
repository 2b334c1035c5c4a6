package io.waybill.ingest;

import io.waybill.domain.Texts;
import io.waybill.runtime.api.UnroutedAnswer;
import io.waybill.runtime.api.UnroutedAnswer.UnroutedObject;
import io.waybill.store.ObjectVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The newest objects of which no file came, in memory, a thousand for each cause. Any thread. */
final class Unrouted {
    private static final int MOST = 1_000;

    /** The reason may hold a page that a gateway answered with. */
    private static final int LONGEST_REASON = 1_000;

    private final Map<Cause, Deque<Entry>> entries = new EnumMap<>(Cause.class);

    /** Why no file came of an object. */
    enum Cause {
        /** No route takes it. */
        NO_ROUTE,
        /** The store does not have it. */
        GONE,
        /** The store does not describe it. */
        DENIED,
        /** Its key has a part "." or "..". */
        BAD_NAME
    }

    /** One object. */
    record Entry(Instant at, Cause cause, ObjectVersion object, String reason) {
        static Entry of(Instant at, Cause cause, ObjectVersion object, String reason) {
            return new Entry(at, cause, object, Texts.cut(reason, LONGEST_REASON));
        }

        private UnroutedObject answer() {
            return new UnroutedObject(
                    at.truncatedTo(ChronoUnit.MILLIS).toString(), cause.name(), object.bucket(), object.key(),
                    object.versionId(), reason);
        }
    }

    synchronized void add(List<Entry> more) {
        for (Entry entry : more) {
            Deque<Entry> ofCause = entries.computeIfAbsent(entry.cause(), _ -> new ArrayDeque<>());
            ofCause.addFirst(entry);
            if (ofCause.size() > MOST) {
                ofCause.removeLast();
            }
        }
    }

    /** All, newest first. */
    UnroutedAnswer newest(Optional<Cause> cause, int limit) {
        return newest(cause, _ -> true, limit);
    }

    /**
     * Newest first.
     *
     * @param seen whether an object is shown
     */
    synchronized UnroutedAnswer newest(Optional<Cause> cause, Predicate<ObjectVersion> seen, int limit) {
        return new UnroutedAnswer(entries.entrySet().stream()
                .filter(one -> cause.isEmpty() || cause.get() == one.getKey())
                .map(Map.Entry::getValue)
                .flatMap(Collection::stream)
                .filter(entry -> seen.test(entry.object()))
                .sorted(Comparator.comparing(Entry::at).reversed())
                .limit(limit)
                .map(Entry::answer)
                .toList());
    }
}
