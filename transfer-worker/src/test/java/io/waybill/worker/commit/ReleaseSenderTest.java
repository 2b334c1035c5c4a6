package io.waybill.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class ReleaseSenderTest {
    private static final Place ACME = new Place.Destination(new DestinationName("acme"));

    private final Topics topics = Topics.from(
            new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final ReleaseSender releases =
            new ReleaseSender(topics, "worker-1", InstantSource.fixed(Instant.EPOCH));
    private final List<CommitEntry> posted = new ArrayList<>();
    private final PartitionProgress owned = new PartitionProgress(new TopicPartition("transfer-work", 0));

    @Test
    void shouldSayOnceThatADestinationIsReachedAgain() {
        releases.due(ACME, Release.Cause.STARTED);
        releases.reached(ACME);

        releases.handOut(List.of(owned), posted::add);
        releases.handOut(List.of(owned), posted::add);

        assertThat(posted).singleElement().satisfies(entry -> assertThat(entry.records())
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.topic()).isEqualTo("controls");
                    assertThat(topics.controls().value().deserializer().deserialize("controls", record.value()))
                            .isEqualTo(new Release(ACME, Instant.EPOCH, Release.Cause.CONNECTED, "worker-1"));
                }));
    }

    @Test
    void shouldSayItAgainIfItIsNotCommitted() {
        releases.reached(ACME);
        releases.handOut(List.of(owned), posted::add);
        posted.getFirst().committed().complete(false);

        releases.handOut(List.of(owned), posted::add);

        assertThat(posted).hasSize(2);
    }

    @Test
    void shouldWaitForAPartitionInWhoseTransactionItCanBeSaid() {
        releases.reached(ACME);
        releases.handOut(List.of(), posted::add);
        assertThat(posted).isEmpty();

        releases.handOut(List.of(owned), posted::add);

        assertThat(posted).hasSize(1);
    }
}
