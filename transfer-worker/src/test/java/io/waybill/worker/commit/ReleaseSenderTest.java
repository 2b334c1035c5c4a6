package io.waybill.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Releases and the topic that takes them, or not. */
final class ReleaseSenderTest {
    private static final Place ACME = new Place.Destination(new DestinationName("acme"));
    private static final Place OUTBOUND = new Place.Bucket("outbound");

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ReleaseSender.class);

    private final HandClock time = new HandClock();
    private final Topics topics = Topics.from(
            new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final ReleaseSender releases = new ReleaseSender(topics, "worker-1", time);
    private final List<List<ProducerRecord<byte[], byte[]>>> written = new ArrayList<>();
    private final List<Consumer<Optional<String>>> ends = new ArrayList<>();

    private void handOut() {
        releases.handOut((records, end) -> {
            written.add(records);
            ends.add(end);
        });
    }

    @Test
    void shouldSayOnceThatADestinationIsReachedAgain() {
        releases.due(ACME, Release.Cause.STARTED);
        releases.reached(ACME);

        handOut();
        ends.getFirst().accept(Optional.empty());
        handOut();

        assertThat(written).singleElement().satisfies(records -> assertThat(records)
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.topic()).isEqualTo("controls");
                    assertThat(topics.controls().value().deserializer().deserialize("controls", record.value()))
                            .isEqualTo(new Release(ACME, time.instant(), Release.Cause.CONNECTED, "worker-1"));
                }));
    }

    @Test
    void shouldWriteOnePartAfterAnother() {
        releases.reached(ACME);
        handOut();
        releases.reached(OUTBOUND);
        handOut();
        assertThat(written).hasSize(1);

        ends.getFirst().accept(Optional.empty());
        handOut();

        assertThat(written).hasSize(2);
    }

    /** A worker may lack the right to write the topic, or the topic its leader. */
    @Test
    void shouldSayItAgainLaterIfItIsNotWrittenAndTellWhy() {
        releases.reached(ACME);
        handOut();
        ends.getFirst().accept(Optional.of("Not authorized to access topics: [controls]"));

        handOut();
        assertThat(written).hasSize(1);
        time.pass(Duration.ofSeconds(1));
        handOut();

        assertThat(written).hasSize(2);
        assertThat(written.getLast()).hasSize(1);
        assertThat(warnings.lines()).singleElement().asString().contains("controls", "acme", "Not authorized");
    }

    @Test
    void shouldAskATopicThatCannotBeWrittenLessAndLessOften() {
        releases.reached(ACME);
        for (int second = 0; second < 3600; second++) {
            releases.handOut((_, end) -> end.accept(Optional.of("no leader")));
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(warnings.lines()).hasSizeBetween(5, 20);
    }
}
