package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedKafkaIT {
    @TempDir
    Path dir;

    @Test
    void shouldKeepClusterIdTopicsAndRecordsOverARestart() throws Exception {
        // Given
        String clusterId;
        try (var kafka = started()) {
            Clients.createTopic(kafka.bootstrapServers(), "kept");
            Clients.produce(kafka.bootstrapServers(), "kept", "first");
            clusterId = clusterId(kafka);
        }

        // When
        try (var kafka = started()) {
            Clients.produce(kafka.bootstrapServers(), "kept", "second");

            // Then
            assertThat(clusterId(kafka)).isEqualTo(clusterId);
            assertThat(Clients.consume(kafka.bootstrapServers(), "kept")).containsExactly("first", "second");
        }
    }

    @Test
    void shouldNotCreateTopicsImplicitly() throws Exception {
        // Given
        try (var kafka = started()) {
            // When, Then
            assertThatThrownBy(() -> Clients.produce(
                    kafka.bootstrapServers(), "never-created", "lost", Duration.ofSeconds(3)))
                    .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void shouldCloseTwiceAndWithoutAStart() throws Exception {
        // Given
        var kafka = started();
        var neverStarted = new EmbeddedKafka(dir.resolve("other"), 0, false);

        // When
        kafka.close();
        kafka.close();
        neverStarted.close();

        // Then
        assertThat(dir.resolve("other")).doesNotExist();
    }

    private EmbeddedKafka started() throws Exception {
        var kafka = new EmbeddedKafka(dir.resolve("kafka"), 0, true);
        kafka.start();
        return kafka;
    }

    private static String clusterId(EmbeddedKafka kafka) throws Exception {
        try (var admin = Clients.admin(kafka.bootstrapServers())) {
            return admin.describeCluster().clusterId().get();
        }
    }
}
