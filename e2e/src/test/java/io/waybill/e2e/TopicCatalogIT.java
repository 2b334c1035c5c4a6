package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.kafka.AdminAnswer;
import io.waybill.runtime.kafka.ClusterCheck;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.TopicCatalog.Finding;
import io.waybill.runtime.topic.TopicCatalog.Outcome;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopicCatalogIT {
    @TempDir
    private static Path directory;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static TopicCatalog catalog;

    @BeforeAll
    static void start() throws Exception {
        kafka = new EmbeddedKafka(directory, 0, false);
        kafka.start();
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()));
        catalog = new TopicCatalog(admin, (short) 1);
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void shouldCreateWhatIsMissingOnce() {
        Topics topics = topics("once.", 3);
        assertThat(catalog.check(topics)).extracting(Finding::outcome).containsOnly(Outcome.MISSING);
        assertThat(TopicCatalog.faults(catalog.check(topics))).contains("./waybill topics");
        assertThat(catalog.createOrCheck(topics)).extracting(Finding::outcome).containsOnly(Outcome.CREATED);
        List<Finding> again = catalog.createOrCheck(topics);
        assertThat(again).extracting(Finding::outcome).containsOnly(Outcome.PRESENT);
        assertThat(TopicCatalog.faults(again)).isEmpty();
    }

    @Test
    void shouldLeaveATopicOfAnotherShapeAloneAndSayWhatToDo() {
        catalog.createOrCheck(topics("shape.", 3));
        assertThat(catalog.createOrCheck(topics("shape.", 4)))
                .filteredOn(finding -> finding.topic().equals("shape.file-state"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.outcome()).isEqualTo(Outcome.WRONG);
                    assertThat(finding.fault()).contains("has 3 partitions", "says 4", "topics.filePartitions");
                });
    }

    @Test
    void shouldLetRecordsLeaveAsTheLayoutSays() {
        Topics topics = topics("layout.", 1);
        catalog.createOrCheck(topics);
        assertThat(setting(topics.fileState(), "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(topics.fileState(), "min.compaction.lag.ms")).isEqualTo("86400000");
        assertThat(setting(topics.transferLedger(), "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(topics.transferLedger(), "segment.bytes")).isEqualTo("1048576");
        assertThat(setting(topics.transferWork(), "retention.ms")).isEqualTo("-1");
        assertThat(setting(topics.fileEvents(), "retention.ms")).isEqualTo("2592000000");
    }

    @Test
    void shouldFindATopicThatWouldLoseWhatMustStay() throws InterruptedException {
        Topics topics = topics("losing.", 1);
        catalog.createOrCheck(topics);
        set(topics.transferLedger(), "cleanup.policy", "delete");
        set(topics.deliveryIndex(), "cleanup.policy", "compact,delete");
        set(topics.controls(), "delete.retention.ms", "1000");
        set(topics.transferWork(), "retention.ms", "604800000");
        set(topics.fileEvents(), "retention.ms", "604800000");
        set(topics.fileState(), "min.insync.replicas", "2");
        set(topics.readyFiles(), "retention.ms", "604800000");
        set(topics.deadLetters(), "max.message.bytes", "100000");
        // The broker that is asked hears of a change a little after the one that makes it.
        await("the last change").until(() -> "100000".equals(setting(topics.deadLetters(), "max.message.bytes")));
        assertThat(catalog.check(topics))
                .filteredOn(finding -> finding.outcome() == Outcome.WRONG)
                .extracting(Finding::topic)
                .containsExactlyInAnyOrder(
                        "losing.transfer-ledger",
                        "losing.delivery-index",
                        "losing.controls",
                        "losing.transfer-work",
                        "losing.file-events",
                        "losing.file-state",
                        "losing.dead-letters");
        assertThat(TopicCatalog.faults(catalog.check(topics)))
                .contains("cleanup.policy=delete", "set it to compact")
                .contains("retention.ms=604800000, which loses records", "set it to 2592000000")
                .contains("min.insync.replicas=2, with 1 replicas", "set it to 1");
    }

    @Test
    void shouldFindWorkThatWouldLeaveWhenThereIsTooMuchOfIt() throws InterruptedException {
        Topics topics = topics("full.", 1);
        catalog.createOrCheck(topics);
        set(topics.fileEvents(), "retention.bytes", "1000000000");
        set(topics.transferWork(), "retention.bytes", "1000000000");
        await("the last change").until(() -> "1000000000".equals(setting(topics.transferWork(), "retention.bytes")));
        assertThat(catalog.check(topics))
                .filteredOn(finding -> finding.outcome() == Outcome.WRONG)
                .extracting(Finding::topic)
                .containsExactlyInAnyOrder("full.file-events", "full.transfer-work");
        set(topics.fileEvents(), "retention.bytes", "-1");
        set(topics.fileEvents(), "retention.ms", "-1");
        set(topics.transferWork(), "retention.bytes", "-1");
        await("the mend").until(() -> "-1".equals(setting(topics.transferWork(), "retention.bytes")));
        assertThat(TopicCatalog.faults(catalog.check(topics))).isEmpty();
    }

    @Test
    void shouldFindAChangelogOfAnEarlierVersionThatDoesNotOutliveABroker() throws Exception {
        String files = "old.state-processor-files-changelog";
        String watched = "old.timeout-monitor-watched-changelog";
        List<NewTopic> made =
                Stream.of(files, watched, "old.other-app-files-changelog", "state-processor-files-changelog")
                        .map(name -> new NewTopic(name, 2, (short) 1).configs(Map.of("cleanup.policy", "compact")))
                        .toList();
        AdminAnswer.of(admin.createTopics(made).all());
        set(watched, "min.insync.replicas", "2");
        var applications = List.of("old.state-processor", "old.timeout-monitor");
        await("the change").until(() -> catalog.checkChangelogs(applications).stream()
                .anyMatch(finding -> finding.outcome() == Outcome.WRONG));

        List<Finding> findings = catalog.checkChangelogs(applications);

        assertThat(findings).extracting(Finding::topic).containsExactly(files, watched);
        assertThat(findings).extracting(Finding::outcome).containsExactly(Outcome.PRESENT, Outcome.WRONG);
        assertThat(TopicCatalog.faults(findings)).contains("min.insync.replicas=2, with 1 replicas", "set it to 1");
    }

    private static void set(Topic<?, ?> topic, String name, String value) {
        set(topic.name(), name, value);
    }

    private static void set(String topic, String name, String value) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        AdminAnswer.of(admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
    }

    @Test
    void shouldFindTheClusterFitForExactlyOnce() {
        assertThat(ClusterCheck.fault(admin)).isEmpty();
    }

    private static Topics topics(String prefix, int filePartitions) {
        return Topics.from(
                new TopicSettings(prefix, filePartitions, 2, (short) 1),
                DomainSerdes.of(new InMemorySchemaRegistry()));
    }

    private static String setting(Topic<?, ?> topic, String name) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Config config = AdminAnswer.of(admin.describeConfigs(List.of(resource)).all()).get(resource);
        return config.get(name).value();
    }
}
