package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.waybill.testkit.kube.scale.LagTrigger;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The lag of the workers, as an autoscaler sees it. */
final class Lag {
    private static final String TOPIC = "waybill.transfer-work";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Lag() {}

    static LagTrigger of(PodStack stack) {
        var metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("topic", TOPIC);
        metadata.put("consumerGroup", "waybill.transfer-worker");
        metadata.put("offsetResetPolicy", "earliest");
        return new LagTrigger(metadata, stack.brokers().bootstrapServers());
    }

    /** Returns when every partition is without lag, and how long that took. */
    static Duration awaitZero(PodStack stack) {
        long begin = System.nanoTime();
        try (var lag = of(stack)) {
            await("no lag on any partition").atMost(LIMIT).until(() -> isZero(lag));
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** The same after a transaction of each partition was aborted, which leaves its records and a marker in the log. */
    static Duration awaitZeroAfterAborts(PodStack stack) throws Exception {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", stack.brokers().bootstrapServers(),
                "transactional.id", "aborted-on-purpose",
                "enable.metrics.push", false);
        try (var lag = of(stack);
                var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (var partition : lag.ends().keySet()) {
                producer.send(new ProducerRecord<>(TOPIC, partition.partition(), null, new byte[1])).get();
            }
            producer.abortTransaction();
        }
        return awaitZero(stack);
    }

    private static boolean isZero(LagTrigger lag) throws IOException, InterruptedException {
        var offsets = lag.offsets();
        return lag.ends().entrySet().stream()
                .allMatch(end -> end.getValue() == 0 || end.getValue().equals(offsets.get(end.getKey())));
    }
}
