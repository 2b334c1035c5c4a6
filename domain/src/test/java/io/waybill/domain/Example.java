package io.waybill.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One file, its receipts and the three shapes a route can have, for all tests of the rules. */
final class Example {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final RouteName INVOICES = new RouteName("invoices");
    static final SourceObject OBJECT = object("invoices/2026/march.csv");
    static final FileId ID = FileId.of(INVOICES, OBJECT.bucket(), OBJECT.key(), OBJECT.version());
    static final RetryPolicy RETRY = new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofMinutes(10));
    static final Timeouts TIMEOUTS = new Timeouts(Duration.ofDays(7), Duration.ofDays(1));
    static final Delivery DELIVERY = delivery("/incoming/{name}");
    static final Target TARGET = new Target(DELIVERY.destination(), new RemotePath("/incoming/march.csv"));
    static final Receipt RECEIPT = new Receipt(
            TARGET.path(), 42, "0".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ofMillis(250));

    static final Route DELIVERY_ONLY = route(DELIVERY, false);
    static final Route DELIVERY_THEN_IMPORT = route(DELIVERY, true);
    static final Route HOSTED_DROP = route(null, true);

    /** A route whose importers must be heard of every 10 seconds. */
    static final Route HEARTBEATS = new Route(
            INVOICES,
            new SourceFilter("outbound", "invoices/", ".csv"),
            null,
            RETRY,
            new Timeouts(TIMEOUTS.unclaimed(), TIMEOUTS.unfinished(), Duration.ofSeconds(10)),
            true,
            Route.DEFAULT_RETENTION);

    /** A route on which the key of the object gives no path. */
    static final Route BAD_NAME = new Route(
            INVOICES,
            new SourceFilter("outbound", OBJECT.key(), ""),
            delivery("/incoming/{relative}"),
            RETRY,
            TIMEOUTS,
            true,
            Route.DEFAULT_RETENTION);

    private Example() {}

    static SourceObject object(String key) {
        return new SourceObject("outbound", key, "v1", "d41d8cd98f00b204e9800998ecf8427e", 42, NOW.minusSeconds(5));
    }

    static Delivery delivery(String path) {
        return new Delivery(
                new DestinationName("acme"), PathTemplate.parse(path), ConflictPolicy.REPLACE, Proof.SIZE, false);
    }

    static Route route(@Nullable Delivery delivery, boolean importRequired) {
        return new Route(
                INVOICES,
                new SourceFilter("outbound", "invoices/", ".csv"),
                delivery,
                RETRY,
                TIMEOUTS,
                importRequired,
                Route.DEFAULT_RETENTION);
    }

    /** A file at a phase, in version 7; delivered already if the phase is of an import after a delivery. */
    static FileState file(Route route, Phase phase) {
        boolean delivers = route.delivery() != null;
        boolean delivered = delivers && (phase.stage() == Stage.IMPORT || phase instanceof Phase.Completed);
        return new FileState(
                ID,
                INVOICES,
                OBJECT,
                delivers ? TARGET : null,
                delivers ? 3 : null,
                phase,
                delivered ? RECEIPT : null,
                7,
                NOW.minusSeconds(60),
                NOW.minusSeconds(30));
    }

    static FileEvent.Arrived arrived() {
        return new FileEvent.Arrived(ID, NOW, INVOICES, OBJECT);
    }

    static FileEvent.Started started(Stage stage, Attempt attempt) {
        return new FileEvent.Started(ID, NOW, stage, attempt, "worker-1");
    }

    static FileEvent.Heartbeat heartbeat(Stage stage, Attempt attempt, Instant at) {
        return new FileEvent.Heartbeat(ID, at, stage, attempt, "worker-1");
    }

    static FileEvent.Completed completed(Stage stage, Attempt attempt) {
        return new FileEvent.Completed(ID, NOW, stage, attempt, stage == Stage.DELIVERY ? RECEIPT : null);
    }

    static FileEvent.Failed failed(Stage stage, Attempt attempt, FailureKind kind) {
        return new FileEvent.Failed(ID, NOW, stage, attempt, new Failure(kind, "as the example has it"));
    }

    /** A doubt that does not keep the destination's configuration from sending again. */
    static FileEvent.Failed doubtToResend(Stage stage, Attempt attempt) {
        var doubt = new Failure(FailureKind.IN_DOUBT, "as the example has it");
        return new FileEvent.Failed(ID, NOW, stage, attempt, doubt, Map.of(), true);
    }

    static FileEvent.Deferred deferred(Stage stage, Attempt attempt, Instant until) {
        return new FileEvent.Deferred(
                ID, NOW, stage, attempt, until, new Failure(FailureKind.UNREACHABLE, "the destination is down"));
    }

    static FileEvent.DeadlineReached deadline(DeadlineKind kind, long version) {
        return new FileEvent.DeadlineReached(ID, NOW, kind, version);
    }

    static FileEvent.RedriveRequested redrive(int sending) {
        return new FileEvent.RedriveRequested(ID, NOW, sending, "ann", "the partner asked");
    }

    static FileEvent.ResendRequested resend(int sending, boolean announce) {
        return new FileEvent.ResendRequested(ID, NOW, sending, "ann", "the partner lost it", announce);
    }

    static FileEvent.ForgetRequested forget(int sending) {
        return new FileEvent.ForgetRequested(ID, NOW, sending, "ann", "a person asked");
    }

    static FileEvent.ResolveRequested resolve(int sending, Resolution resolution) {
        return new FileEvent.ResolveRequested(ID, NOW, sending, "ann", "the partner looked", resolution);
    }

    static FileEvent.CancelRequested cancel(int sending) {
        return new FileEvent.CancelRequested(ID, NOW, sending, "ann", "sent by mistake");
    }
}
