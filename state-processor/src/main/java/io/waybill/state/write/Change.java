package io.waybill.state.write;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.runtime.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one request writes: all of it, or nothing. Immutable.
 *
 * @param controls  about places, destinations and routes
 * @param entries   of the audit
 * @param forgotten keys of controls that get a tombstone
 */
public record Change(
        List<FileEvent> events, List<ControlRecord> controls, List<AuditEntry> entries, List<FileId> forgotten) {
    public Change {
        events = List.copyOf(events);
        controls = List.copyOf(controls);
        entries = List.copyOf(entries);
        forgotten = List.copyOf(forgotten);
    }

    public static Change of(FileEvent event) {
        return new Change(List.of(event), List.of(), List.of(), List.of());
    }

    public static Change of(ControlRecord control) {
        return new Change(List.of(), List.of(control), List.of(), List.of());
    }

    public static Change of(AuditEntry entry) {
        return new Change(List.of(), List.of(), List.of(entry), List.of());
    }

    /** This change with its entry in the audit. */
    public Change audited(AuditEntry entry) {
        var all = new ArrayList<>(entries);
        all.add(entry);
        return new Change(events, controls, all, forgotten);
    }

    /** This change with further controls, which stand before its events. */
    public Change with(Collection<? extends ControlRecord> more) {
        var all = new ArrayList<>(controls);
        all.addAll(more);
        return new Change(events, all, entries, forgotten);
    }

    /** This change, and controls that nobody needs any more. */
    public Change forgetting(Collection<FileId> keys) {
        return new Change(events, controls, entries, List.copyOf(keys));
    }

    List<ProducerRecord<byte[], byte[]>> records(Topics topics) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        forgotten.forEach(key -> records.add(topics.controls().record(key, null)));
        controls.forEach(control -> records.add(topics.controls().record(control.key(), control)));
        events.forEach(event -> records.add(topics.fileEvents().record(event.id(), event)));
        entries.forEach(entry -> records.add(topics.auditEntries().record(entry.key(), entry)));
        return records;
    }
}
