package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Moved;
import io.waybill.domain.IndexEntry.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Lives of one file among workers that keep the protocol: each target has a lane, whose items are taken in their order and
 * whose words arrive in their order; those of different lanes come in any. Time-outs, operators and changes of the route
 * come at any moment. The promises are those of {@code docs/exactly-once.md}.
 */
final class HonestWorkers {
    private static final List<String> PATHS = List.of("/here/{name}", "/there/{name}", "/elsewhere/{name}");
    private static final int MOMENTS = 80;

    /** One worker's part: its queue, the intent that it has not settled, what it remembers, and what is on its way. */
    private static final class LaneOfWork {
        private final Deque<TransferWork> queue = new ArrayDeque<>();
        private @Nullable TransferWork intent;
        private int remembered;
        private @Nullable Result result;
        private final Deque<Word> words = new ArrayDeque<>();
    }

    /**
     * What a worker said.
     *
     * @param doubt whether it is the first that tells of a doubt
     * @param skip  whether the worker did not begin, because it remembers a delivery
     */
    private record Word(FileEvent event, boolean doubt, boolean skip) {
        Word(FileEvent event, boolean doubt) {
            this(event, doubt, false);
        }
    }

    private final Random random;
    private final boolean importRequired;
    private final Map<RemotePath, LaneOfWork> lanes = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private Lifecycle rules;
    private FileState file;
    private @Nullable Control control;
    private Instant now = Example.NOW;
    private int asked = 1;
    private int published;

    HonestWorkers(long seed) {
        random = new Random(seed);
        importRequired = random.nextInt(3) == 0;
        rules = anyRules();
        var begun = (Moved) rules.apply(null, Example.arrived());
        file = begun.state();
        told(begun);
    }

    private Lifecycle anyRules() {
        String path = PATHS.get(random.nextInt(PATHS.size()));
        return new Lifecycle(Example.route(Example.delivery(path), importRequired));
    }

    /** Lives it, and looks at every moment whether the promises are kept. */
    void live() {
        for (int i = 0; i < MOMENTS; i++) {
            now = now.plusSeconds(1);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> works(anyLane());
                case 3, 4 -> arrives(anyLane());
                case 5 -> {
                    if (file.phase() instanceof Phase.Open open) {
                        happens(new FileEvent.DeadlineReached(
                                Example.ID, now, open.deadline().kind(), file.version()));
                    }
                }
                case 6 -> operatorActs();
                default -> rules = anyRules();
            }
            whatNobodyWantsIsToldToTheWorkers();
            assertThat(published).as(this::toString).isLessThanOrEqualTo(asked);
        }
    }

    private LaneOfWork anyLane() {
        List<LaneOfWork> all = lanes.values().stream().toList();
        return all.get(random.nextInt(all.size()));
    }

    private void operatorActs() {
        int sending = file.phase().attempt().sending();
        int before = sending;
        switch (random.nextInt(6)) {
            case 4, 5 -> happens(Example.resend(sending, random.nextBoolean()));
            case 0 -> happens(Example.cancel(sending));
            case 1 -> happens(Example.resolve(sending, Resolution.DELIVERED));
            case 2 -> happens(Example.resolve(sending, Resolution.RESEND));
            default -> happens(Example.redrive(sending));
        }
        if (file.phase().stage() == Stage.DELIVERY && file.phase().attempt().sending() > before) {
            asked++;
        }
    }

    private void happens(FileEvent event) {
        FileState before = file;
        Decision decision = rules.apply(before, event);
        story.add(event + " -> " + decision);
        if (decision instanceof Moved moved) {
            file = moved.state();
            told(moved);
        }
        if (Controls.released(before, event, decision)) {
            control = null;
        }
    }

    private void told(Moved moved) {
        moved.effects().forEach(effect -> {
            switch (effect) {
                case Effect.Dispatch(var work) ->
                    lanes.computeIfAbsent(work.target().path(), _ -> new LaneOfWork()).queue.add(work);
                case Effect.GiveUp(var told) -> control = told;
                case Effect.Announce _ -> {
                    // Says nothing of deliveries.
                }
            }
        });
    }

    private void arrives(LaneOfWork lane) {
        Word word = lane.words.poll();
        if (word == null) {
            return;
        }
        FileState before = file;
        happens(word.event());
        if (word.skip()) {
            // What delivered the file has been heard of before, so the skip ends nothing.
            assertThat(file).as(this::toString).isEqualTo(before);
        }
        boolean undelivered = before.receipt() == null || before.resent();
        if (word.doubt() && undelivered) {
            assertThat(LateReports.inDoubt(file.phase())).as(this::toString).isTrue();
            assertThat(file.version()).as(this::toString).isGreaterThan(before.version());
        }
        if (random.nextInt(4) == 0) {
            // Told once more, it tells nothing.
            FileState settled = file;
            happens(word.event());
            assertThat(file).as(this::toString).isEqualTo(settled);
        }
    }

    private void whatNobodyWantsIsToldToTheWorkers() {
        Attempt wanted = file.phase() instanceof Phase.Open open && open.stage() == Stage.DELIVERY
                ? open.attempt()
                : null;
        lanes.values().stream()
                .flatMap(lane -> lane.queue.stream())
                .filter(work -> !work.attempt().equals(wanted))
                .forEach(work -> assertThat(control != null && control.means(work.attempt()))
                        .as(() -> work.attempt() + " is not wanted any more: " + this)
                        .isTrue());
    }

    private void works(LaneOfWork lane) {
        if (lane.intent != null) {
            ends(lane, lane.intent);
            lane.intent = null;
            return;
        }
        TransferWork work = lane.queue.poll();
        if (work == null) {
            return;
        }
        if (lane.result != null && !work.knows(lane.remembered)) {
            if (lane.result == Result.DELIVERED) {
                skips(lane, work);
            } else {
                says(lane, work, FailureKind.IN_DOUBT, false);
            }
        } else if (control != null && control.means(work.attempt())) {
            says(lane, work, FailureKind.CANCELLED, false);
        } else if (random.nextInt(3) == 0) {
            started(lane, work);
            lane.intent = work;
        } else {
            started(lane, work);
            ends(lane, work);
        }
    }

    private void started(LaneOfWork lane, TransferWork work) {
        if (random.nextBoolean()) {
            var event = new FileEvent.Started(Example.ID, now, Stage.DELIVERY, work.attempt(), "worker-1");
            lane.words.add(new Word(event, false));
        }
    }

    private void ends(LaneOfWork lane, TransferWork work) {
        switch (random.nextInt(5)) {
            case 0 -> {
                published++;
                remembers(lane, work, Result.DELIVERED);
                var receipt = new Receipt(
                        work.target().path(), 42, "0".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
                        Duration.ZERO);
                var event = new FileEvent.Completed(Example.ID, now, Stage.DELIVERY, work.attempt(), receipt);
                lane.words.add(new Word(event, false));
            }
            case 1 -> {
                published += random.nextInt(2);
                remembers(lane, work, Result.IN_DOUBT);
                says(lane, work, FailureKind.IN_DOUBT, true);
            }
            case 2 -> says(lane, work, FailureKind.STALLED, false);
            case 3 -> says(lane, work, FailureKind.FORBIDDEN, false);
            default -> {
                var why = new Failure(FailureKind.UNREACHABLE, "down");
                var event = new FileEvent.Deferred(
                        Example.ID, now, Stage.DELIVERY, work.attempt(), now.plusSeconds(5), why);
                lane.words.add(new Word(event, false));
            }
        }
    }

    private void skips(LaneOfWork lane, TransferWork work) {
        var event = new FileEvent.Failed(
                Example.ID, now, Stage.DELIVERY, work.attempt(),
                new Failure(FailureKind.CANCELLED, "delivered before"));
        lane.words.add(new Word(event, false, true));
    }

    private static void remembers(LaneOfWork lane, TransferWork work, Result result) {
        lane.remembered = work.attempt().sending();
        lane.result = result;
    }

    private void says(LaneOfWork lane, TransferWork work, FailureKind kind, boolean doubt) {
        var event = new FileEvent.Failed(
                Example.ID, now, Stage.DELIVERY, work.attempt(), new Failure(kind, "as it goes"));
        lane.words.add(new Word(event, doubt));
    }

    @Override
    public String toString() {
        return String.join(System.lineSeparator(), story) + System.lineSeparator() + "control " + control;
    }
}
