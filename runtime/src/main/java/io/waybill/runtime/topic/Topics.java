package io.waybill.runtime.topic;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
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
 * All topics of the product. {@code fileEvents}, {@code fileState} and {@code readyFiles} are co-partitioned, and so
 * are {@code transferWork}, {@code transferLedger} and {@code deliveryIndex}.
 *
 * @param s3Notifications the object store's notifications, unchanged; any key
 * @param transferWork    key is {@link io.waybill.domain.Lane#key()}
 * @param transferLedger  key is {@link LedgerMark#key()}; the marks of a partition of work are in the partition of the
 *                        same number
 * @param deliveryIndex   key is {@link IndexEntry#key()}; the entries of a partition of work are in the partition of
 *                        the same number
 * @param controls        the work that the workers must no longer do, and the places that may be tried again; key is
 *                        {@link ControlRecord#key()}
 * @param deadLetters     key is a file id, or the key of the record that could not be read
 */
public record Topics(
        Topic<byte[], byte[]> s3Notifications,
        Topic<FileId, FileEvent> fileEvents,
        Topic<FileId, FileState> fileState,
        Topic<String, TransferWork> transferWork,
        Topic<String, LedgerMark> transferLedger,
        Topic<String, IndexEntry> deliveryIndex,
        Topic<FileId, ControlRecord> controls,
        Topic<FileId, ReadyFile> readyFiles,
        Topic<byte[], DeadLetter> deadLetters) {

    public static Topics from(TopicSettings settings, DomainSerdes serdes) {
        String prefix = settings.prefix();
        int files = settings.filePartitions();
        return new Topics(
                new Topic<>(
                        prefix + "s3-notifications",
                        Serdes.ByteArray(),
                        Serdes.ByteArray(),
                        new Layout(files, new AfterDays(7))),
                new Topic<>(
                        prefix + "file-events",
                        serdes.fileId(),
                        serdes.fileEvent(),
                        new Layout(files, new NotBeforeDays(30))),
                new Topic<>(
                        prefix + "file-state", serdes.fileId(), serdes.fileState(), new Layout(files, new Compacted())),
                new Topic<>(
                        prefix + "transfer-work",
                        Serdes.String(),
                        serdes.transferWork(),
                        new Layout(settings.workPartitions(), new Kept())),
                new Topic<>(
                        prefix + "transfer-ledger",
                        Serdes.String(),
                        serdes.ledgerMark(),
                        new Layout(settings.workPartitions(), new CompactedSoon())),
                new Topic<>(
                        prefix + "delivery-index",
                        Serdes.String(),
                        serdes.indexEntry(),
                        new Layout(settings.workPartitions(), new CompactedSoon())),
                new Topic<>(
                        prefix + "controls", serdes.fileId(), serdes.control(),
                        new Layout(settings.workPartitions(), new CompactedSoon())),
                new Topic<>(
                        prefix + "ready-files",
                        serdes.fileId(),
                        serdes.readyFile(),
                        new Layout(files, new AfterDays(30))),
                new Topic<>(
                        prefix + "dead-letters",
                        Serdes.ByteArray(),
                        serdes.deadLetter(),
                        new Layout(files, new AfterDays(90))));
    }

    public List<Topic<?, ?>> all() {
        return List.of(
                s3Notifications,
                fileEvents,
                fileState,
                transferWork,
                transferLedger,
                deliveryIndex,
                controls,
                readyFiles,
                deadLetters);
    }
}
