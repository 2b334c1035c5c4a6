package io.waybill.worker;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the schemas known that a worker writes. The ids stay known for the life of the process. So a worker that has begun
 * can always report, even while the schema registry is away.
 */
final class WrittenSchemas {
    private static final Logger LOG = LoggerFactory.getLogger(WrittenSchemas.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(2);

    private WrittenSchemas() {}

    /**
     * Waits until the schema registry knows all of them.
     *
     * @param stopped whether nobody needs them any more
     * @param waiting is told what the registry answers instead
     */
    static void await(Topics topics, BooleanSupplier stopped, Pause pause, Consumer<String> waiting)
            throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            try {
                require(topics);
                return;
            } catch (RetriableException e) {
                waiting.accept(String.valueOf(e.getMessage()));
                LOG.atWarn()
                        .addKeyValue("failure", e.toString())
                        .log("The schema registry does not answer; the worker begins no work before");
                pause.take(BETWEEN_QUESTIONS);
            }
        }
    }

    /** Writes one record of each kind to nowhere. */
    private static void require(Topics topics) {
        var release = new Release(new Place.Bucket("none"), Instant.EPOCH, Release.Cause.STARTED, "nobody");
        FileId id = release.key();
        wrote(topics.fileEvents(), new FileEvent.DeadlineReached(id, Instant.EPOCH, DeadlineKind.RETRY_DUE, 1));
        wrote(topics.transferLedger(), LedgerMark.Position.at(0, "", ""));
        wrote(
                topics.deliveryIndex(),
                new IndexEntry.FileOutcome(
                        id, Attempt.FIRST.sending(), IndexEntry.Result.DELIVERED, Instant.EPOCH));
        wrote(topics.controls(), release);
        wrote(topics.workerStatus(), new WorkerStatus("nobody", Instant.EPOCH, Instant.EPOCH, null));
        wrote(
                topics.deadLetters(),
                PoisonLetter.of(Instant.EPOCH, "", new byte[0], new byte[0], new RecordHeaders(), ""));
    }

    private static <V> void wrote(Topic<?, V> topic, V value) {
        var _ = topic.value().serializer().serialize(topic.name(), value);
    }
}
