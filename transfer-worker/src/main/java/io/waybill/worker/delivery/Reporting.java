package io.waybill.worker.delivery;

import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.runtime.topic.Topics;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.Report;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What everything needs that is told of attempts.
 *
 * @param reports   takes what is to be committed
 * @param undecided takes what is to be settled later
 * @param worker    this worker's name, for Started events
 */
public record Reporting(
        Topics topics,
        Carrier carrier,
        Consumer<Report> reports,
        BiConsumer<Prepared, PartitionProgress> undecided,
        Protocol protocol,
        String worker,
        WorkerMetrics metrics,
        InstantSource time) {}
