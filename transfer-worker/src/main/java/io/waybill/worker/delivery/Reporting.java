package io.waybill.worker.delivery;

import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.runtime.topic.Topics;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.status.FilesInFlight;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What {@link AttemptReporter} and its users need to report on attempts.
 *
 * @param entries   takes the entries to commit
 * @param undecided takes the intents to resolve later
 * @param worker    this worker's name, for Started events
 * @param inFlight  shows the files that are delivered now
 */
public record Reporting(
        Topics topics,
        Deliverer deliverer,
        Consumer<CommitEntry> entries,
        BiConsumer<Prepared, PartitionProgress> undecided,
        PublishProtocol protocol,
        String worker,
        WorkerMetrics metrics,
        FilesInFlight inFlight,
        InstantSource time) {}
