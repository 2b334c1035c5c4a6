package io.waybill.runtime.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileId;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topic.Cleanup;
import io.waybill.runtime.topic.TopicCatalog.Finding;
import io.waybill.runtime.topic.TopicCatalog.Outcome;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private final Topics topics = Topics.from(
            new TopicSettings("acme.", 6, 9, (short) 3), DomainSerdes.of(new InMemorySchemaRegistry()));

    @Test
    void shouldPutThePrefixBeforeEveryName() {
        assertThat(topics.all()).allSatisfy(topic -> assertThat(topic.name()).startsWith("acme."));
        assertThat(topics.all()).extracting(Topic::name).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void shouldPartitionAlikeWhatIsKeyedByFileAndWhatIsKeyedByWork() {
        assertThat(List.of(topics.fileEvents(), topics.fileState(), topics.readyFiles()))
                .extracting(topic -> topic.layout().partitions())
                .containsOnly(6);
        assertThat(List.of(topics.transferWork(), topics.transferLedger(), topics.deliveryIndex()))
                .extracting(topic -> topic.layout().partitions())
                .containsOnly(9);
    }

    @Test
    void shouldKeepWorkAndTheLastStateOfEachFile() {
        assertThat(topics.transferWork().layout().cleanup()).isEqualTo(new Cleanup.Kept());
        assertThat(topics.fileState().layout().cleanup()).isEqualTo(new Cleanup.Compacted());
        assertThat(topics.transferLedger().layout().cleanup()).isEqualTo(new Cleanup.CompactedSoon());
        assertThat(topics.deliveryIndex().layout().cleanup()).isEqualTo(new Cleanup.CompactedSoon());
        assertThat(topics.controls().layout().cleanup()).isEqualTo(new Cleanup.CompactedSoon());
        assertThat(topics.workerStatus().layout().cleanup()).isEqualTo(new Cleanup.CompactedSoon());
    }

    @Test
    void shouldMakeATombstoneOfARecordWithoutValue() {
        var id = new FileId("abcdefghijklmnopqrstuvwxyz");
        var record = topics.fileState().record(id, null);
        assertThat(record.topic()).isEqualTo("acme.file-state");
        assertThat(record.key()).asString().isEqualTo(id.value());
        assertThat(record.value()).isNull();
    }

    @Test
    void shouldComplainOnlyOfWhatIsWrong() {
        assertThat(TopicCatalog.faults(List.of(new Finding("a", 3, Outcome.PRESENT, "")))).isEmpty();
        assertThat(TopicCatalog.faults(List.of(
                new Finding("a", 3, Outcome.PRESENT, ""), new Finding("b", 3, Outcome.MISSING, "is missing"))))
                .isEqualTo("topic b is missing");
    }
}
