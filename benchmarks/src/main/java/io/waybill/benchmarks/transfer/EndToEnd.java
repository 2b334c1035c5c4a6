package io.waybill.benchmarks.transfer;

import static java.util.Objects.requireNonNull;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The whole product: from the store's first notification, through Kafka with exactly-once, to the last final name. The
 * objects are in the store before, put anew for each round, since what was delivered once is not delivered again; the
 * notifications come all at once. Broker, registry, store and all services share this machine with the server.
 */
final class EndToEnd implements Contestant {
    static final String NAME = "end-to-end";

    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Pipeline pipeline;
    private final Producer<String, String> notifications;
    private long sequencer;

    EndToEnd(Pipeline pipeline) {
        this.pipeline = pipeline;
        notifications = new KafkaProducer<>(
                new ClientSettings(pipeline.config().kafka()).producer(),
                new StringSerializer(),
                new StringSerializer());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "everything from S3 notifications to final names through Kafka, exactly once, all services in one warm JVM,"
                + " " + Pipeline.CONNECTIONS + " connections of " + Pipeline.IN_FLIGHT + " files in flight";
    }

    @Override
    public Spent send(Workload workload, Endpoint endpoint)
            throws ContestantFailedException, IOException, InterruptedException {
        List<ProducerRecord<String, String>> records = putAnew(workload);
        long self = ProcessHandle.current().pid();
        ProcessMeter.forgetPeak(self);
        double before = ProcessMeter.cpuSeconds(self);
        Instant start = CLOCK.instant();
        for (ProducerRecord<String, String> record : records) {
            var _ = notifications.send(record);
        }
        while (there(endpoint) < workload.files()) {
            if (Duration.between(start, CLOCK.instant()).compareTo(LIMIT) > 0) {
                throw new ContestantFailedException(
                        there(endpoint) + " of " + workload.files() + " files after " + LIMIT);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        double seconds = Duration.between(start, CLOCK.instant()).toNanos() / 1e9;
        return new Spent(
                seconds, ProcessMeter.cpuSeconds(self) - before, ProcessMeter.peakMebibytes(self));
    }

    /** Final names only: the staging directory is one entry, and its files are none of these. */
    private static long there(Endpoint endpoint) {
        // By the names alone, since the looking is in the figure.
        return Arrays.stream(requireNonNull(endpoint.directory().toFile().list()))
                .filter(name -> name.endsWith(".bin"))
                .count();
    }

    private List<ProducerRecord<String, String>> putAnew(Workload workload) throws IOException, InterruptedException {
        WaybillConfig config = pipeline.config();
        String topic = config.topics().prefix() + "s3-notifications";
        List<String> names = workload.fileNames();
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        try (var store = ObjectStore.writer(config.s3())) {
            List<Content> contents = Puts.all(store, workload);
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                Content content = contents.get(i);
                records.add(new ProducerRecord<>(
                        topic, name, notification(workload.name(), name, content.size(), content.md5())));
            }
        }
        return records;
    }

    private String notification(String bucket, String key, long size, String etag) {
        return """
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"%s",\
                "eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"%s"},\
                "object":{"key":"%s","size":%d,"eTag":"%s","sequencer":"%016X"}}}]}"""
                .formatted(CLOCK.instant(), bucket, key, size, etag, sequencer++);
    }

    @Override
    public void close() {
        notifications.close();
    }
}
