package io.waybill.worker.delivery;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topics;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.WorkLoop;
import io.waybill.worker.partition.WorkRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts records of work, and intents to resolve, into their lanes. Any thread. */
public final class WorkItems implements WorkLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(WorkItems.class);

    private final Topics topics;
    private final LaneScheduler scheduler;
    private final Executions executions;
    private final Consumer<CommitEntry> entries;
    private final InstantSource time;
    /**
     * The intents that wait for their lane. A lane may be busy for hours, and the intents are handed out again every
     * minute.
     */
    private final Set<Waiting> queued = ConcurrentHashMap.newKeySet();

    private record Waiting(Prepared intent, PartitionProgress progress) {}

    /**
     * @param entries takes dead letters, which are committed with the position of their record
     */
    public WorkItems(
            Topics topics, LaneScheduler scheduler, Executions executions, Consumer<CommitEntry> entries,
            InstantSource time) {
        this.topics = topics;
        this.scheduler = scheduler;
        this.executions = executions;
        this.entries = entries;
        this.time = time;
    }

    @Override
    public void handle(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress) {
        switch (WorkRecord.read(topics.transferWork(), record)) {
            case WorkRecord.Understood(Lane lane, TransferWork work) -> {
                progress.uses(lane);
                Instant received = time.instant();
                scheduler.submit(
                        lane,
                        work.target().path(),
                        slot -> executions.execute(lane, work, progress, record.offset(), received, slot));
            }
            case WorkRecord.Garbled(String reason) -> {
                LOG.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("failure", reason)
                        .log("Work that cannot be read becomes a dead letter");
                entries.accept(
                        CommitEntry.done(progress, OptionalLong.of(record.offset()), deadLetter(record, reason)));
            }
        }
    }

    /** Resolves an intent when its lane's turn comes, unless the intent is queued already. */
    public void resolve(Prepared intent, PartitionProgress progress) {
        var waiting = new Waiting(intent, progress);
        if (!queued.add(waiting)) {
            return;
        }
        var lane = new Lane(intent.target().destination(), intent.lane());
        progress.uses(lane);
        scheduler.submit(lane, intent.target().path(), () -> {
            queued.remove(waiting);
            executions.resolve(intent, progress);
        });
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
        String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        // Under the key of the letter. If the record's own key is too large for another record, that key is cut.
        var letter = PoisonLetter.of(
                time.instant(), origin, record.key(), record.value(), record.headers(), reason);
        return topics.deadLetters().record(letter.key(), letter);
    }
}
