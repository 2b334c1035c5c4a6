package io.waybill.audit;

import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainHead;
import io.waybill.domain.audit.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Appends the entries of one partition to its chain, in their order, and a checkpoint each minute in which it grew. */
final class ChainProcessor implements Processor<String, AuditEntry, String, AuditRecord> {
    private static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(1);

    private final Optional<SigningKey> key;
    private final AuditMetrics metrics;
    private @Nullable ProcessorContext<String, AuditRecord> context;
    private @Nullable KeyValueStore<Integer, ChainHead> heads;

    ChainProcessor(Optional<SigningKey> key, AuditMetrics metrics) {
        this.key = key;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, AuditRecord> opened) {
        context = opened;
        heads = opened.getStateStore(AuditTopology.HEAD);
        metrics.opened(opened.taskId(), head().unproven());
        opened.schedule(CHECKPOINT_EVERY, PunctuationType.WALL_CLOCK_TIME, this::checkpoint);
    }

    @Override
    public void process(Record<String, AuditEntry> record) {
        AuditEntry entry = record.value();
        if (entry == null) {
            // Nobody writes one; it would say nothing.
            return;
        }
        ChainHead after = append(head().append(partition(), entry));
        metrics.chained(context().taskId(), after.unproven());
    }

    private void checkpoint(long now) {
        ChainHead head = head();
        if (head.unproven() > 0) {
            append(head.checkpoint(partition(), Instant.ofEpochMilli(now), key));
            metrics.checkpoint(context().taskId(), key.isPresent());
        }
    }

    private ChainHead append(AuditRecord record) {
        ChainHead after = head().after(record);
        heads().put(partition(), after);
        context().forward(new Record<>(record.key(), record, record.at().toEpochMilli()));
        return after;
    }

    private ChainHead head() {
        ChainHead head = heads().get(partition());
        return head == null ? ChainHead.NONE : head;
    }

    private int partition() {
        return context().taskId().partition();
    }

    private ProcessorContext<String, AuditRecord> context() {
        return Objects.requireNonNull(context, "init comes first");
    }

    private KeyValueStore<Integer, ChainHead> heads() {
        return Objects.requireNonNull(heads, "init comes first");
    }

    @Override
    public void close() {
        if (context != null) {
            metrics.closed(context.taskId());
        }
    }
}
