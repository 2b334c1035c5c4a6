package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.devstack.servers.EmbeddedRegistry;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.Content;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The drill of docs/operations/disaster-recovery.md: MirrorMaker 2 copies a cluster, which dies with all services while files
 * flow. The other cluster takes over, step by step.
 */
@Tag("long")
@RequiresOpenSsh
@SuppressWarnings("try") // close() throws what the parts throw, an interruption too
final class DisasterDrillIT {
    private static final String NOTIFICATIONS = "waybill.s3-notifications";
    private static final String STATES = "waybill.file-state";
    private static final int FILE_PARTITIONS = 2;
    private static final int DELIVERED_BEFORE = 150;
    private static final int BURST = 10;
    private static final int UNTOLD = 5;
    private static final int MOST = 10_000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    /** By key; those of the objects that nobody was told of, too. */
    private final Map<String, String> notifications = new ConcurrentHashMap<>();
    private final Closing closing = new Closing();
    private OpenSshServer sftp;
    private Site second;
    private volatile KafkaProducer<String, String> notified;

    @Test
    void shouldDeliverEveryFileAndListBeforeWhichMayBeDoubled() throws Exception {
        try (closing) {
            sftp = closing.add(OpenSshServer.start(directory.resolve("ssh")));
            var registry = closing.add(new EmbeddedRegistry(
                    Path.of("..", "devstack", "target", "app", "registry"),
                    directory.resolve("registry"), 0, ProcessClock.system()));
            registry.start();
            var s3 = closing.add(new EmbeddedS3(directory.resolve("s3"), 0, this::notify, ProcessClock.system()));
            s3.start();
            String rest = rest(registry, s3);
            var first = closing.add(new Site(directory.resolve("first"), rest));
            second = closing.add(new Site(directory.resolve("second"), rest));
            notified = closing.add(producer(first));
            var arrivals = closing.add(new Arrivals(directory.resolve("arrivals"), config(first)));

            await("the topics of the first cluster").atMost(LIMIT).until(() -> first.command("topics").exitCode() == 0);
            first.runWithApi("all");
            await("the first installation").atMost(LIMIT).until(first::isCaughtUp);
            var mirror = closing.add(Mirror.start(directory, first.bootstrapServers(), second.bootstrapServers()));
            awaitMirrored(arrivals);

            flowUntilDelivered(arrivals);
            first.destroy();
            notified = null;
            for (int i = 0; i < UNTOLD; i++) {
                arrivals.small();
            }
            assertThat(mirror.isAlive()).isTrue();
            mirror.close();

            var before = delivered();
            takeOver(arrivals, before);
        }
    }

    /** Steps 3 to 13 of the guide. */
    private void takeOver(Arrivals arrivals, Map<String, Object> before) throws Exception {
        Figures.print("drill: topics of the second cluster: " + second.command("topics").out().lines().toList());

        second.runWithApi("state-processor", "timeout-monitor");
        await("the table of the second cluster").atMost(LIMIT).until(second::isCaughtUp);
        var listed = new TreeSet<String>();
        for (String status : List.of("started", "pending")) {
            list(status).forEach(file -> listed.add(file.path("key").asText()));
        }
        var unknown = unknown(arrivals);

        var held = held();
        assertThat(held).isNotEmpty();
        for (int partition : held) {
            var mended = second.command("ledger", "mend", String.valueOf(partition), "--to-end", "--yes",
                    "--reason", "take-over");
            assertThat(mended.exitCode()).as(mended.out() + mended.err()).isZero();
        }
        assertThat(held()).isEmpty();
        assertThat(delivered()).as("nothing is sent by itself").isEqualTo(before);

        second.runBeside("transfer-worker");
        await("the files in doubt to be settled").atMost(LIMIT).until(() -> items() == 0);
        int asked = askThePartner();

        second.runBeside("ingest-service", "audit-service");
        await("the notifications of the mirror").atMost(LIMIT).until(second::isCaughtUp);
        int again = notifyAgain(arrivals);
        await("every file to be over").atMost(LIMIT)
                .until(() -> list("started").isEmpty() && list("pending").isEmpty());

        var after = delivered();
        var doubled = before.entrySet().stream()
                .filter(file -> !file.getValue().equals(after.get(file.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        Figures.print(
                "drill: %d files, %d delivered before, %d open and %d unknown in the table of the mirror, %d asked for,"
                        .formatted(arrivals.digests().size(), before.size(), listed.size(), unknown.size(), asked)
                        + " %d told again, %d delivered twice".formatted(again, doubled.size()));
        assertThat(after.keySet()).isEqualTo(arrivals.digests().keySet());
        for (var file : arrivals.digests().entrySet()) {
            assertThat(Content.of(path(file.getKey())).sha256()).as(file.getKey()).isEqualTo(file.getValue());
        }
        listed.addAll(unknown);
        assertThat(listed).containsAll(doubled);
    }

    private String rest(EmbeddedRegistry registry, EmbeddedS3 s3) throws IOException {
        Files.createDirectories(sftp.files().resolve("small"));
        return """
                schema.registry.url: %s
                topics: { filePartitions: %d, workPartitions: 3, replication: 1 }
                s3: { endpoint: "%s", accessKey: "file:%s", secretKey: "file:%s" }
                destinations:
                %sroutes:
                  small:
                    source: { bucket: inbox, prefix: small/ }
                    deliver: { destination: small, path: "/small/{relative}" }
                """.formatted(
                registry.url(),
                FILE_PARTITIONS,
                s3.endpoint(),
                Files.writeString(directory.resolve("s3-access"), EmbeddedS3.ACCESS_KEY),
                Files.writeString(directory.resolve("s3-secret"), EmbeddedS3.SECRET_KEY),
                sftp.destination().below(sftp.files()).yaml("small"));
    }

    private static WaybillConfig config(Site site) throws IOException {
        return WaybillConfig.load(site.configuration(), Overrides.NONE, Services.sections());
    }

    private static KafkaProducer<String, String> producer(Site site) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", site.bootstrapServers(), "acks", "all", "enable.metrics.push", false),
                new StringSerializer(),
                new StringSerializer());
    }

    /** The store: it tells the first installation as long as that exists. */
    private CompletionStage<?> notify(String recordKey, String json) {
        notifications.put(recordKey, json);
        var producer = notified;
        return producer == null ? CompletableFuture.completedFuture(true) : send(producer, recordKey, json);
    }

    private static CompletableFuture<Object> send(KafkaProducer<String, String> producer, String key, String json) {
        var done = new CompletableFuture<Object>();
        var _ = producer.send(new ProducerRecord<>(NOTIFICATIONS, key, json), (written, failure) -> {
            if (failure == null) {
                done.complete(written);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    /** Returns when a file of the first installation is in the mirror's table. */
    private void awaitMirrored(Arrivals arrivals) throws IOException {
        arrivals.small();
        await("the mirror").atMost(LIMIT).ignoreExceptions().until(() -> mirroredStates() > 0);
    }

    /** Asks for no topic by its name, because the broker would make it. */
    private long mirroredStates() throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of(
                "bootstrap.servers", second.bootstrapServers(), "enable.metrics.push", false))) {
            if (!admin.listTopics().names().get().contains(STATES)) {
                return 0;
            }
            var ends = IntStream.range(0, FILE_PARTITIONS).boxed()
                    .collect(Collectors.toMap(number -> new TopicPartition(STATES, number), _ -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream().mapToLong(ListOffsetsResultInfo::offset).sum();
        }
    }

    private void flowUntilDelivered(Arrivals arrivals) throws IOException {
        while (delivered().size() < DELIVERED_BEFORE) {
            for (int i = 0; i < BURST; i++) {
                arrivals.small();
            }
        }
    }

    private JsonNode list(String status) throws IOException {
        return second.json("files", "--status", status, "--limit", String.valueOf(MOST));
    }

    /** The keys of objects that the table does not have. */
    private Set<String> unknown(Arrivals arrivals) throws IOException {
        var unknown = new TreeSet<>(arrivals.digests().keySet());
        second.json("files", "--limit", String.valueOf(MOST))
                .forEach(file -> unknown.remove(file.path("key").asText()));
        return unknown;
    }

    private List<Integer> held() throws IOException {
        return StreamSupport.stream(second.json("ledger").spliterator(), false)
                .filter(partition -> !partition.path("hold").isNull())
                .map(partition -> partition.path("partition").asInt())
                .toList();
    }

    private int items() throws IOException {
        int items = 0;
        for (JsonNode partition : second.json("ledger")) {
            items += partition.path("items").size();
        }
        return items;
    }

    /** Step 10; returns about how many files. */
    private int askThePartner() throws IOException {
        var files = new ArrayList<JsonNode>();
        for (String status : List.of("started", "pending", "failed")) {
            list(status).forEach(files::add);
        }
        for (JsonNode file : files) {
            String id = file.path("id").asText();
            boolean there = Files.exists(path(file.path("key").asText()));
            if (!file.path("status").asText().equals("FAILED")) {
                done("cancel", id, "--reason", "take-over");
                if (!there) {
                    await("the end of " + id).until(() -> list("failed").findValuesAsText("id").contains(id));
                    done("redrive", id, "--reason", "take-over: the partner does not have it");
                }
            } else {
                done("resolve", id, there ? "--delivered" : "--resend", "--reason", "take-over: the partner says so");
            }
        }
        return files.size();
    }

    private void done(String... arguments) {
        var run = second.command(arguments);
        assertThat(run.exitCode()).as(String.join(" ", arguments) + ": " + run.out() + run.err()).isZero();
    }

    /** Step 13; returns for how many objects. */
    private int notifyAgain(Arrivals arrivals) throws Exception {
        int again = 0;
        try (var producer = producer(second)) {
            for (String key : unknown(arrivals)) {
                if (!Files.exists(path(key))) {
                    String json = notifications.values().stream().filter(text -> text.contains(name(key))).findAny()
                            .orElseThrow();
                    send(producer, key, json).join();
                    again++;
                }
            }
        }
        await("the objects that were told again").atMost(LIMIT)
                .until(() -> unknown(arrivals).stream().allMatch(key -> Files.exists(path(key))));
        return again;
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private Path path(String key) {
        return sftp.files().resolve(key);
    }

    /** What each delivered file is to the file system, by key: another one once it is delivered again. */
    private Map<String, Object> delivered() throws IOException {
        var delivered = new TreeMap<String, Object>();
        try (var files = Files.newDirectoryStream(sftp.files().resolve("small"), "*.bin")) {
            for (Path file : files) {
                delivered.put(
                        "small/" + file.getFileName(),
                        Files.readAttributes(file, BasicFileAttributes.class).fileKey());
            }
        }
        return delivered;
    }
}
