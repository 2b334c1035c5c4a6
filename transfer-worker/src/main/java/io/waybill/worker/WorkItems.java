package io.waybill.worker;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.Lane;
import io.waybill.domain.Stage;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topics;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Turns records of work into attempts, and what comes of them into reports. Any thread. */
final class WorkItems implements WorkLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(WorkItems.class);

    private final Topics topics;
    private final Lanes lanes;
    private final Carrier carrier;
    private final Consumer<Report> reports;
    private final String worker;
    private final WorkerMetrics metrics;
    private final InstantSource time;

    /**
     * @param worker this worker's name, for Started events
     */
    WorkItems(
            Topics topics,
            Lanes lanes,
            Carrier carrier,
            Consumer<Report> reports,
            String worker,
            WorkerMetrics metrics,
            InstantSource time) {
        this.topics = topics;
        this.lanes = lanes;
        this.carrier = carrier;
        this.reports = reports;
        this.worker = worker;
        this.metrics = metrics;
        this.time = time;
    }

    @Override
    public void handle(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress) {
        switch (WorkRecord.read(topics.transferWork(), record)) {
            case WorkRecord.Understood(Lane lane, TransferWork work) -> lanes.submit(
                    lane, work.target().path(), () -> attempt(lane, work, progress, record.offset()));
            case WorkRecord.Garbled(String reason) -> {
                LOG.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("failure", reason)
                        .log("Work that cannot be read becomes a dead letter");
                reports.accept(Report.done(progress, record.offset(), deadLetter(record, reason)));
            }
        }
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
        String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        byte[] key = record.key() == null ? new byte[0] : record.key();
        return topics.deadLetters()
                .record(
                        key,
                        PoisonLetter.of(time.instant(), origin, key, record.value(), record.headers(), reason));
    }

    private void attempt(Lane lane, TransferWork work, PartitionProgress progress, long offset) {
        if (!progress.stands()) {
            return;
        }
        metrics.started(lane.destination());
        reports.accept(Report.underWay(
                progress, event(new Started(work.id(), time.instant(), Stage.DELIVERY, work.attempt(), worker))));
        switch (carry(lane, work, progress)) {
            case Outcome.Delivered(var receipt) -> {
                metrics.delivered(lane.destination());
                log(LOG.atDebug(), lane, work).log("A file was delivered");
                reports.accept(Report.done(
                        progress,
                        offset,
                        event(new Completed(work.id(), time.instant(), Stage.DELIVERY, work.attempt(), receipt))));
            }
            case Outcome.NotDelivered(var failure) -> {
                metrics.failed(lane.destination(), failure.kind());
                log(LOG.atWarn(), lane, work).addKeyValue("failure", failure).log("An attempt failed");
                reports.accept(Report.done(
                        progress,
                        offset,
                        event(new Failed(work.id(), time.instant(), Stage.DELIVERY, work.attempt(), failure))));
            }
            case Outcome.Dropped() -> metrics.dropped(lane.destination());
        }
    }

    private Outcome carry(Lane lane, TransferWork work, PartitionProgress progress) {
        try {
            return carrier.carry(work, lane, progress);
        } catch (RuntimeException e) {
            // The one place where a fault of ours is kept from stopping the worker: it concerns one file, whose staging
            // file has a name of its own, and who looks at the file finds the fault in its history.
            log(LOG.atError(), lane, work).setCause(e).log("An attempt hit a fault of Waybill");
            return new Outcome.NotDelivered(new Failure(FailureKind.INTERNAL, e.toString()));
        }
    }

    private ProducerRecord<byte[], byte[]> event(FileEvent event) {
        return topics.fileEvents().record(event.id(), event);
    }

    private static LoggingEventBuilder log(LoggingEventBuilder log, Lane lane, TransferWork work) {
        return log.addKeyValue("fileId", work.id())
                .addKeyValue("route", work.route())
                .addKeyValue("destination", lane.destination())
                .addKeyValue("lane", lane.number())
                .addKeyValue("attempt", work.attempt());
    }
}
