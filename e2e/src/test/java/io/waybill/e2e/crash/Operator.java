package io.waybill.e2e.crash;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Status;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Cancels files while they are open, redrives those that were given up, and resends those that were delivered, over HTTP, without a look at what goes on
 * otherwise. One thread calls {@link #work}.
 */
final class Operator implements AutoCloseable {
    static final String NAME = "crash matrix";

    private static final int SHORTEST_PAUSE_MILLIS = 500;
    private static final int LONGEST_PAUSE_MILLIS = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A pause that was asked for must be heard, however busy the machine is. */
    private static final Duration MUCH_PATIENCE = Duration.ofSeconds(60);

    /** On a slow machine an operator who only watches the clock cancels nearly every file. */
    private static final int COMPLETED_BETWEEN = 2;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String api;
    private final Supplier<Collection<FileState>> files;
    private final Random random;
    private final Count cancels = new Count();
    private final Count redrives = new Count();
    private final Count resends = new Count();

    /**
     * @param files the newest state of each
     */
    Operator(WaybillConfig config, Supplier<Collection<FileState>> files, long seed) {
        api = "http://" + config.http().host() + ":" + config.http().port() + "/v1/";
        this.files = files;
        random = new Random(seed);
    }

    /** How often something was asked for. */
    private static final class Count {
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger accepted = new AtomicInteger();
    }

    /**
     * What was asked, and how often the answer was that it was accepted.
     */
    record Askings(
            int cancels, int cancelsAccepted, int redrives, int redrivesAccepted, int resends, int resendsAccepted) {}

    /** Asks now and then until it is enough. */
    void work(BooleanSupplier enough) throws InterruptedException {
        while (!enough.getAsBoolean()) {
            long before = completed();
            ask();
            int pause = random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            long latest = System.nanoTime() + LONGEST_WAIT.toNanos();
            while (!enough.getAsBoolean() && completed() < before + COMPLETED_BETWEEN
                    && System.nanoTime() - latest < 0) {
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
        }
    }

    private long completed() {
        return files.get().stream().filter(state -> state.status() == Status.COMPLETED).count();
    }

    private void ask() throws InterruptedException {
        int drawn = random.nextInt(5);
        if (drawn == 0) {
            ask("resend", resends, matching(state -> state.status() == Status.COMPLETED));
            return;
        }
        if (drawn < 3) {
            ask("cancel", cancels, matching(state -> !state.status().terminal()));
            return;
        }
        // There are many more of those that a newer version has replaced than of others.
        boolean replaced = random.nextInt(4) == 0;
        ask("redrive", redrives, matching(state -> isGivenUp(state) && isSuperseded(state) == replaced));
    }

    private static boolean isGivenUp(FileState state) {
        return switch (state.phase()) {
            case Phase.Failed(_, _, var failure) -> failure.kind() != FailureKind.IN_DOUBT;
            case Phase.TimedOut _ -> true;
            case Phase.Completed _, Phase.Open _ -> false;
        };
    }

    private static boolean isSuperseded(FileState state) {
        return state.phase() instanceof Phase.Failed(_, _, var failure) && failure.kind() == FailureKind.SUPERSEDED;
    }

    private List<FileState> matching(Predicate<FileState> wanted) {
        return files.get().stream().filter(wanted).sorted(Comparator.comparing(FileState::id)).toList();
    }

    private void ask(String what, Count count, List<FileState> candidates) throws InterruptedException {
        if (candidates.isEmpty()) {
            return;
        }
        FileState file = candidates.get(random.nextInt(candidates.size()));
        count.asked.incrementAndGet();
        try {
            String more = what.equals("resend") && random.nextBoolean() ? ", \"announce\": true" : "";
            if (post("files/" + file.id() + "/" + what, more, PATIENCE) == ACCEPTED) {
                count.accepted.incrementAndGet();
            }
        } catch (IOException e) {
            // The services are killed now and then; what was asked may have been heard or not, as with any operator.
        }
    }

    private int post(String path, String more, Duration patience) throws IOException, InterruptedException {
        String body = "{\"by\": \"" + NAME + "\", \"reason\": \"it was drawn\"" + more + "}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** Pauses or resumes a destination. */
    void ask(String destination, String what) throws IOException, InterruptedException {
        int status = post("destinations/" + destination + "/" + what, "", MUCH_PATIENCE);
        if (status != OK && status != ACCEPTED) {
            throw new AssertionError(what + " " + destination + " was answered with " + status);
        }
    }

    /** So far. Any thread. */
    Askings askings() {
        return new Askings(
                cancels.asked.get(), cancels.accepted.get(), redrives.asked.get(), redrives.accepted.get(),
                resends.asked.get(), resends.accepted.get());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
