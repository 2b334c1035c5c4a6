package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadLetter.GivenUp;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Target;
import io.waybill.domain.Texts;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.explain.DeadLettersAnswer;
import io.waybill.runtime.api.explain.DeadLettersAnswer.Letter;
import io.waybill.runtime.http.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lists dead letters. Every instance reads the whole topic, so that no other is asked. */
public final class DeadLetterRoute {
    static final String PATH = "/v1/dead-letters";

    private static final Duration LATELY = Duration.ofDays(1);
    private static final int LONGEST_REASON = 1_000;
    /** The most letters that are read of one partition. */
    private static final int MOST = 10_000;
    /** A letter about a record may hold most of a MiB, so that many readers at one time would fill the memory. */
    private static final int READERS = 1;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Letters letters;
    private final String notifications;
    private final InstantSource clock;
    private final Semaphore readers = new Semaphore(READERS, true);

    /**
     * @param notifications the name of the topic whose records can be read again
     */
    public DeadLetterRoute(Letters letters, String notifications, InstantSource clock) {
        this.letters = letters;
        this.notifications = notifications;
        this.clock = clock;
    }

    /** Reads the topic of dead letters. */
    @FunctionalInterface
    public interface Letters {
        /**
         * Hands over the letters since an instant, in no order.
         *
         * @param most the most letters that are read of one partition; the newest are
         * @return whether no letter was left out; empty if Kafka does not answer in time, or refuses
         */
        Optional<Boolean> read(Instant since, int most, Consumer<DeadLetter> taker);
    }

    /**
     * Which letters are wanted. What is empty is not asked for.
     *
     * @param type FILE or RECORD
     */
    record Wanted(
            Optional<Instant> since,
            Optional<String> type,
            Optional<String> route,
            Optional<String> destination,
            Optional<String> failure,
            Optional<String> file,
            int limit) {
        boolean matches(Letter letter) {
            return same(type, letter.type())
                    && same(route, letter.route())
                    && same(destination, letter.destination())
                    && same(failure, letter.failure())
                    && same(file, letter.fileId());
        }

        private static boolean same(Optional<String> wanted, @Nullable String there) {
            return wanted.isEmpty() || wanted.get().equals(there);
        }
    }

    void show(Context http) throws InterruptedException {
        Wanted wanted = Parameters.letters(http);
        Instant since = wanted.since().orElseGet(() -> clock.instant().minus(LATELY));
        Scope scope = Gate.principal(http).scope();
        var found = new Found(wanted);
        if (!readers.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw ApiException.unavailable("another request reads the dead letters; ask again");
        }
        try {
            boolean complete = letters.read(since, MOST, letter -> {
                if (sees(scope, letter) && !letter.at().isBefore(since)) {
                    found.take(answer(letter));
                }
            }).orElseThrow(() -> ApiException.unavailable(
                    "Kafka did not answer in time, or this process may not read the topic of dead letters"));
            http.json(found.answer(since, complete));
        } finally {
            readers.release();
        }
    }

    /** A record belongs to no route. */
    private static boolean sees(Scope scope, DeadLetter letter) {
        return switch (letter) {
            case GivenUp(var file, _) -> {
                Target target = file.target();
                yield scope.allows(file.route(), target == null ? null : target.destination());
            }
            case Poison _ -> scope.all();
        };
    }

    private Letter answer(DeadLetter letter) {
        String at = letter.at().toString();
        String reason = Texts.cut(letter.reason(), LONGEST_REASON);
        return switch (letter) {
            case GivenUp(var file, _) -> ofFile(file, at, reason);
            case Poison poison ->
                new Letter(
                        "RECORD", at, reason, null, null, null, null, null, null, null, null, null, null, null,
                        poison.origin(), poison.value().length, command(poison));
        };
    }

    private static Letter ofFile(FileState file, String at, String reason) {
        Target target = file.target();
        return new Letter(
                "FILE",
                at,
                reason,
                file.id().value(),
                file.route().value(),
                file.source().bucket(),
                file.source().key(),
                target == null ? null : target.destination().value(),
                target == null ? null : target.path().value(),
                file.status().name(),
                file.phase() instanceof Phase.Failed(_, _, var failure) ? failure.kind().name() : null,
                file.phase().attempt().sending(),
                file.phase().attempt().number(),
                file.version(),
                null,
                null,
                // The letter may be old. This says what became of the file, and which command it needs now.
                "./waybill why " + file.id());
    }

    private @Nullable String command(Poison poison) {
        String prefix = notifications + "-";
        return poison.origin().startsWith(prefix)
                ? "./waybill retry --record " + poison.origin().substring(prefix.length())
                : null;
    }

    /** The newest letters that are wanted, among those that are read. */
    private static final class Found {
        private static final Comparator<Letter> OLDEST_FIRST =
                Comparator.comparing(letter -> Instant.parse(letter.at()));

        private final Wanted wanted;
        private final PriorityQueue<Letter> newest = new PriorityQueue<>(OLDEST_FIRST);
        private long matched;

        Found(Wanted wanted) {
            this.wanted = wanted;
        }

        void take(Letter letter) {
            if (wanted.matches(letter)) {
                matched++;
                newest.add(letter);
                if (newest.size() > wanted.limit()) {
                    newest.remove();
                }
            }
        }

        DeadLettersAnswer answer(Instant since, boolean complete) {
            return new DeadLettersAnswer(
                    since.toString(),
                    matched,
                    complete,
                    newest.stream().sorted(OLDEST_FIRST.reversed()).toList());
        }
    }
}
