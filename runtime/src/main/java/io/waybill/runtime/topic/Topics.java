package io.waybill.runtime.topic;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IngestRetry;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.TransferWork;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topic.Cleanup;
import io.waybill.runtime.topic.Topic.Cleanup.AfterDays;
import io.waybill.runtime.topic.Topic.Cleanup.Compacted;
import io.waybill.runtime.topic.Topic.Cleanup.CompactedSoon;
import io.waybill.runtime.topic.Topic.Cleanup.Kept;
import io.waybill.runtime.topic.Topic.Cleanup.NotBeforeDays;
import io.waybill.runtime.topic.Topic.Layout;
import io.waybill.runtime.wire.DomainSerdes;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/**
 * All topics of the product. Co-partitioned are {@code s3Notifications} and {@code ingestRetry}; {@code fileEvents},
 * {@code fileState} and {@code readyFiles}; {@code auditEntries} and {@code audit}; {@code transferWork}, {@code transferLedger} and {@code deliveryIndex}.
 *
 * @param s3Notifications the object store's notifications, unchanged; any key
 * @param ingestRetry     key is {@link IngestRetry#entryKey()}; the entries about a notification are in the partition
 *                        of the same number
 * @param transferWork    key is {@link io.waybill.domain.Lane#key()}
 * @param transferLedger  key is {@link LedgerMark#key()}; the marks of a partition of work are in the partition of the
 *                        same number
 * @param deliveryIndex   key is {@link IndexEntry#key()}; the entries of a partition of work are in the partition of
 *                        the same number
 * @param controls        the work that the workers must no longer do, and the places that may be tried again; key is
 *                        {@link ControlRecord#key()}
 * @param auditEntries    key is {@link AuditEntry#key()}
 * @param audit           the chains of {@code auditEntries}, partition by partition; key is {@link AuditRecord#key()}
 * @param deadLetters     key is a file id, or the key of the record that could not be read
 * @param workerStatus    key is {@link WorkerStatus#key()}
 */
public record Topics(
        Topic<byte[], byte[]> s3Notifications,
        Topic<String, IngestRetry> ingestRetry,
        Topic<FileId, FileEvent> fileEvents,
        Topic<FileId, FileState> fileState,
        Topic<String, TransferWork> transferWork,
        Topic<String, LedgerMark> transferLedger,
        Topic<String, IndexEntry> deliveryIndex,
        Topic<FileId, ControlRecord> controls,
        Topic<FileId, ReadyFile> readyFiles,
        Topic<String, AuditEntry> auditEntries,
        Topic<String, AuditRecord> audit,
        Topic<byte[], DeadLetter> deadLetters,
        Topic<String, WorkerStatus> workerStatus) {

    public static Topics from(TopicSettings settings, DomainSerdes serdes) {
        String prefix = settings.prefix();
        return new Topics(
                new Topic<>(
                        prefix + "s3-notifications",
                        Serdes.ByteArray(),
                        Serdes.ByteArray(),
                        ofFiles(settings, new AfterDays(7))),
                new Topic<>(
                        prefix + "ingest-retry",
                        Serdes.String(),
                        serdes.ingestRetry(),
                        ofFiles(settings, new CompactedSoon())),
                new Topic<>(
                        prefix + "file-events",
                        serdes.fileId(),
                        serdes.fileEvent(),
                        ofFiles(settings, new NotBeforeDays(30))),
                new Topic<>(
                        prefix + "file-state", serdes.fileId(), serdes.fileState(),
                        ofFiles(settings, new Compacted())),
                new Topic<>(
                        prefix + "transfer-work",
                        Serdes.String(),
                        serdes.transferWork(),
                        ofWork(settings, new Kept())),
                new Topic<>(
                        prefix + "transfer-ledger",
                        Serdes.String(),
                        serdes.ledgerMark(),
                        ofWork(settings, new CompactedSoon())),
                new Topic<>(
                        prefix + "delivery-index",
                        Serdes.String(),
                        serdes.indexEntry(),
                        ofWork(settings, new CompactedSoon())),
                new Topic<>(
                        prefix + "controls", serdes.fileId(), serdes.control(),
                        ofWork(settings, new CompactedSoon())),
                new Topic<>(
                        prefix + "ready-files",
                        serdes.fileId(),
                        serdes.readyFile(),
                        ofFiles(settings, new AfterDays(30))),
                new Topic<>(
                        prefix + "audit-entries",
                        Serdes.String(),
                        serdes.auditEntry(),
                        ofFiles(settings, new NotBeforeDays(30))),
                new Topic<>(
                        prefix + "audit", Serdes.String(), serdes.auditRecord(),
                        ofFiles(settings, new AfterDays(400))),
                new Topic<>(
                        prefix + "dead-letters",
                        Serdes.ByteArray(),
                        serdes.deadLetter(),
                        ofFiles(settings, new AfterDays(90))),
                new Topic<>(
                        prefix + "worker-status",
                        Serdes.String(),
                        serdes.workerStatus(),
                        ofWork(settings, new CompactedSoon())));
    }

    private static Layout ofFiles(TopicSettings settings, Cleanup cleanup) {
        return new Layout(settings.filePartitions(), "filePartitions", cleanup);
    }

    private static Layout ofWork(TopicSettings settings, Cleanup cleanup) {
        return new Layout(settings.workPartitions(), "workPartitions", cleanup);
    }

    public List<Topic<?, ?>> all() {
        return List.of(
                s3Notifications,
                ingestRetry,
                fileEvents,
                fileState,
                transferWork,
                transferLedger,
                deliveryIndex,
                controls,
                readyFiles,
                auditEntries,
                audit,
                deadLetters,
                workerStatus);
    }
}
