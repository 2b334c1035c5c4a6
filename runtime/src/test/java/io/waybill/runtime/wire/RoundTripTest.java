package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IngestRetry;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.TransferWork;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.live.WorkerStatus;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.apache.kafka.common.serialization.Serde;

@Domain(DomainArbitraries.class)
class RoundTripTest {
    private static final DomainSerdes SERDES = DomainSerdes.of(new InMemorySchemaRegistry());

    @Property(seed = "4711", tries = 2000)
    void shouldReadEveryEventThatItWrites(@ForAll FileEvent event) {
        shouldComeBack(SERDES.fileEvent(), event);
    }

    @Property(seed = "4711", tries = 2000)
    void shouldReadEveryStateThatItWrites(@ForAll FileState state) {
        shouldComeBack(SERDES.fileState(), state);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadAllWorkThatItWrites(@ForAll TransferWork work) {
        shouldComeBack(SERDES.transferWork(), work);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadEveryReadyFileThatItWrites(@ForAll ReadyFile file) {
        shouldComeBack(SERDES.readyFile(), file);
    }

    @Property(seed = "4711", tries = 1000)
    void shouldReadEveryDeadLetterThatItWrites(@ForAll DeadLetter letter) {
        shouldComeBack(SERDES.deadLetter(), letter);
    }

    @Property(seed = "4711", tries = 1000)
    void shouldReadEveryMarkThatItWrites(@ForAll LedgerMark mark) {
        shouldComeBack(SERDES.ledgerMark(), mark);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadEveryIndexEntryThatItWrites(@ForAll IndexEntry entry) {
        shouldComeBack(SERDES.indexEntry(), entry);
    }

    @Property(seed = "4711", tries = 200)
    void shouldReadEveryControlThatItWrites(@ForAll ControlRecord control) {
        shouldComeBack(SERDES.control(), control);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadEveryIngestRetryThatItWrites(@ForAll IngestRetry entry) {
        shouldComeBack(SERDES.ingestRetry(), entry);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadEveryAuditEntryThatItWrites(@ForAll AuditEntry entry) {
        shouldComeBack(SERDES.auditEntry(), entry);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadEveryAuditRecordThatItWrites(@ForAll AuditRecord record) {
        shouldComeBack(SERDES.auditRecord(), record);
    }

    @Property(seed = "4711", tries = 500)
    void shouldReadEveryWorkerStatusThatItWrites(@ForAll WorkerStatus status) {
        shouldComeBack(SERDES.workerStatus(), status);
    }

    private static <T> void shouldComeBack(Serde<T> serde, T value) {
        byte[] bytes = serde.serializer().serialize("topic", value);
        assertThat(serde.deserializer().deserialize("topic", bytes)).isEqualTo(value);
    }
}
