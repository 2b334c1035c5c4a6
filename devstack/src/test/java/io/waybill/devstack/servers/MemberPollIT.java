package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.kafka.MemberPoll;
import io.waybill.testkit.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class MemberPollIT {
    private static final String TOPIC = "work";
    private static final Duration POLL = Duration.ofMillis(200);

    @TempDir
    private Path directory;

    private final int port = FreePort.find();

    @Test
    @Timeout(120)
    void shouldPauseWhileTheCoordinatorIsAwayAndReadOnWhenItIsBack() throws Exception {
        var pauses = new AtomicInteger();
        var read = new ArrayList<String>();
        EmbeddedKafka first = started();
        String servers = first.bootstrapServers();
        var settings = new ClientSettings(Map.of("bootstrap.servers", servers)).member("readers");
        settings.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var member = new MemberPoll<>(consumer, time -> {
                pauses.incrementAndGet();
                Thread.sleep(time); // allow sleep: it is the pause of the polls
            });
            try (first) {
                Clients.createTopic(servers, TOPIC);
                Clients.produce(servers, TOPIC, "before");
                consumer.subscribe(Set.of(TOPIC));
                while (read.isEmpty()) {
                    member.poll(POLL).forEach(record -> read.add(record.value()));
                }
                assertThat(pauses).hasValue(0);
            }
            while (pauses.get() < 3) {
                assertThat(member.poll(POLL)).isEmpty();
            }
            try (var _ = started()) {
                Clients.produce(servers, TOPIC, "after");
                while (read.size() < 2) {
                    member.poll(POLL).forEach(record -> read.add(record.value()));
                }
                int paused;
                do {
                    paused = pauses.get();
                    assertThat(member.poll(POLL)).isEmpty();
                } while (pauses.get() > paused);
            }
        }
        assertThat(read).isEqualTo(List.of("before", "after"));
    }

    private EmbeddedKafka started() throws Exception {
        var kafka = new EmbeddedKafka(directory, port, false);
        kafka.start();
        return kafka;
    }
}
