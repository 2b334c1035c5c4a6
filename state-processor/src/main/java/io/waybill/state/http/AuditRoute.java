package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.runtime.api.audit.ActionAnswer;
import io.waybill.runtime.api.audit.AuditAnswer;
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

/** Who did what, for somebody who may do everything: the audit names files and people of all routes. */
public final class AuditRoute {
    static final String PATH = "/v1/audit";

    private static final Duration LATELY = Duration.ofDays(1);
    /** The most records that are read of one partition. */
    private static final int MOST = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Records records;
    private final InstantSource clock;
    private final Semaphore readers = new Semaphore(1, true);

    public AuditRoute(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** Reads the topic of the audit. */
    @FunctionalInterface
    public interface Records {
        /**
         * Hands over the records since an instant, in no order.
         *
         * @param most the most records that are read of one partition; the newest are
         * @return whether no record was left out; empty if Kafka does not answer in time, or refuses
         */
        Optional<Boolean> read(Instant since, int most, Consumer<AuditRecord> taker);
    }

    /** Which actions are wanted. What is empty is not asked for. */
    record Wanted(
            Optional<Instant> since, Optional<String> by, Optional<String> what, Optional<String> target, int limit) {
        boolean matches(AuditEntry entry) {
            return by.map(entry.who()::equals).orElse(true)
                    && what.map(entry.what()::equals).orElse(true)
                    && target.map(entry.target().name()::equals).orElse(true);
        }
    }

    void show(Context http) throws InterruptedException {
        if (!Gate.principal(http).scope().all()) {
            throw ApiException.forbidden("the audit has actions on all routes and destinations, and you see only some");
        }
        Wanted wanted = Parameters.audit(http);
        if (!readers.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw ApiException.unavailable("another request reads the audit; ask again");
        }
        try {
            http.json(answer(wanted, wanted.since().orElseGet(() -> clock.instant().minus(LATELY))));
        } finally {
            readers.release();
        }
    }

    private AuditAnswer answer(Wanted wanted, Instant since) {
        var newest = new PriorityQueue<AuditEntry>(Comparator.comparing(AuditEntry::at));
        var matched = new long[1];
        boolean complete = records.read(since, MOST, record -> {
            if (record.content() instanceof AuditRecord.Entry(var entry)
                    && !entry.at().isBefore(since)
                    && wanted.matches(entry)) {
                matched[0]++;
                newest.add(entry);
                if (newest.size() > wanted.limit()) {
                    newest.remove();
                }
            }
        }).orElseThrow(() -> ApiException.unavailable(
                "Kafka did not answer in time, or this process may not read the topic of the audit"));
        return new AuditAnswer(
                since.toString(),
                matched[0],
                complete,
                newest.stream()
                        .sorted(Comparator.comparing(AuditEntry::at).reversed())
                        .map(ActionAnswer::of)
                        .toList());
    }
}
