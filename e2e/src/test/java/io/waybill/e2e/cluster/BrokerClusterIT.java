package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.brokers.BrokerCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three brokers of the other tests are as safe as those tests take them to be. */
@Tag("long")
@SuppressWarnings("try") // closing may be interrupted, and says so
final class BrokerClusterIT {
    private static final String TOPIC = "replicated";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void shouldKeepWhatItAcknowledgedThroughTheLossOfItsControllerAndRefuseWithTwoNodesLost() throws Exception {
        try (var cluster = BrokerCluster.start(directory);
                var admin = Admin.create(settings(cluster))) {
            create(admin);
            assertThat(write(cluster, "one", SOON)).isTrue();

            int controller = controller(admin);
            cluster.node(controller).kill();
            await("another controller").ignoreExceptions().until(() -> controller(admin) != controller);
            assertThat(write(cluster, "two", SOON)).isTrue();

            int second = controller(admin);
            cluster.node(second).kill();
            assertThat(write(cluster, "refused", Duration.ofSeconds(5))).isFalse();

            cluster.node(second).start();
            cluster.node(controller).start();
            await("all replicas in sync").ignoreExceptions().until(() -> inSync(admin) == 3);
            assertThat(write(cluster, "three", SOON)).isTrue();
            // What was not acknowledged may be there all the same.
            assertThat(read(cluster)).containsSubsequence("one", "two", "three");
        }
    }

    private static Map<String, Object> settings(BrokerCluster cluster) {
        return Map.of("bootstrap.servers", cluster.bootstrapServers(), "enable.metrics.push", false);
    }

    private static void create(Admin admin) {
        await("a cluster that makes topics").ignoreExceptions().until(() -> {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.empty(), Optional.empty()))).all()
                    .get(20, TimeUnit.SECONDS);
            return true;
        });
        await("all replicas in sync").ignoreExceptions().until(() -> inSync(admin) == 3);
    }

    private static int inSync(Admin admin) throws Exception {
        return admin.describeTopics(List.of(TOPIC)).allTopicNames().get(20, TimeUnit.SECONDS).get(TOPIC)
                .partitions().getFirst().isr().size();
    }

    private static int controller(Admin admin) throws Exception {
        return admin.describeMetadataQuorum().quorumInfo().get(20, TimeUnit.SECONDS).leaderId();
    }

    /** Whether a record was acknowledged in time. */
    private static boolean write(BrokerCluster cluster, String value, Duration limit) throws Exception {
        var settings = new HashMap<>(settings(cluster));
        settings.put("acks", "all");
        var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        try {
            producer.send(new ProducerRecord<>(TOPIC, value)).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    private static List<String> read(BrokerCluster cluster) {
        try (var consumer =
                new KafkaConsumer<>(settings(cluster), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            var values = new ArrayList<String>();
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
