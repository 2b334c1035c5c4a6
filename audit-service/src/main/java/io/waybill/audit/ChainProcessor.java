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
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Appends the entries of one partition to its chain, in their order, and a checkpoint each minute in which it grew. */
final class ChainProcessor implements Processor<String, AuditEntry, String, AuditRecord> {
    private static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(1);

    private final Optional<SigningKey> key;
    private final AuditMetrics metrics;
    private @Nullable ProcessorContext<String, AuditRecord> context;
    private @Nullable KeyValueStore<Integer, ChainProgress> heads;

    ChainProcessor(Optional<SigningKey> key, AuditMetrics metrics) {
        this.key = key;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, AuditRecord> opened) {
        context = opened;
        heads = opened.getStateStore(AuditTopology.HEAD);
        metrics.opened(opened.taskId(), progress().head().unproven());
        opened.schedule(CHECKPOINT_EVERY, PunctuationType.WALL_CLOCK_TIME, this::checkpoint);
    }

    @Override
    public void process(Record<String, AuditEntry> record) {
        AuditEntry entry = record.value();
        if (entry == null) {
            // Nobody writes one; it would say nothing.
            return;
        }
        ChainProgress before = progress();
        Optional<RecordMetadata> place = context().recordMetadata();
        if (place.filter(from -> before.covers(from.offset(), record.timestamp())).isPresent()) {
            return;
        }
        ChainProgress read =
                place.map(from -> before.reached(from.offset(), record.timestamp())).orElse(before);
        ChainHead after = append(read, before.head().append(partition(), entry));
        metrics.chained(context().taskId(), after.unproven());
    }

    private void checkpoint(long now) {
        ChainProgress progress = progress();
        if (progress.head().unproven() > 0) {
            append(progress, progress.head().checkpoint(partition(), Instant.ofEpochMilli(now), key));
            metrics.checkpoint(context().taskId(), key.isPresent());
        }
    }

    private ChainHead append(ChainProgress read, AuditRecord record) {
        ChainHead after = read.head().after(record);
        heads().put(partition(), read.with(after));
        context().forward(new Record<>(record.key(), record, record.at().toEpochMilli()));
        return after;
    }

    private ChainProgress progress() {
        ChainProgress progress = heads().get(partition());
        return progress == null ? ChainProgress.NONE : progress;
    }

    private int partition() {
        return context().taskId().partition();
    }

    private ProcessorContext<String, AuditRecord> context() {
        return Objects.requireNonNull(context, "init comes first");
    }

    private KeyValueStore<Integer, ChainProgress> heads() {
        return Objects.requireNonNull(heads, "init comes first");
    }

    @Override
    public void close() {
        if (context != null) {
            metrics.closed(context.taskId());
        }
    }
}
