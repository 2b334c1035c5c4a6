package io.waybill.runtime.topic;

import static java.util.Objects.requireNonNull;

import io.waybill.runtime.kafka.AdminAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and checks the topics. Every call waits at most half a minute for the brokers. */
public final class TopicCatalog {
    /**
     * Kafka compacts only closed segments, so they are closed at a mebibyte (brokers refuse less) or a minute. A reader
     * gives up after half of the time that a tombstone is kept. So it never sees a mark without the tombstone that
     * follows it.
     */
    private static final Map<String, String> COMPACTED_SOON = Map.of(
            TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(1 << 20),
            TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(TimeUnit.MINUTES.toMillis(1)),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.05",
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, String.valueOf(TimeUnit.MINUTES.toMillis(5)));

    /**
     * A reader that was away for no longer than this has seen every state, not only the last one. So a file that was
     * given up and redriven meanwhile still becomes a dead letter.
     */
    private static final Duration COMPACTION_LAG = Duration.ofDays(1);

    private static final String CHANGELOG = "-changelog";

    private final Admin admin;
    private final short replication;

    /**
     * @param admin       closed by the caller
     * @param replication copies of each partition of a topic that is created
     */
    public TopicCatalog(Admin admin, short replication) {
        this.admin = admin;
        this.replication = replication;
    }

    /**
     * The finding about one topic.
     *
     * @param fault the fault of it; empty if there is none
     */
    public record Finding(String topic, int partitions, Outcome outcome, String fault) {}

    /** The result of {@link #createOrCheck}. */
    public enum Outcome {
        CREATED,
        PRESENT,
        MISSING,
        WRONG
    }

    /** Creates missing topics and checks existing ones. Changes nothing that exists. */
    public List<Finding> createOrCheck(Topics topics) {
        List<Finding> before = check(topics);
        var after = new ArrayList<Finding>();
        for (int i = 0; i < before.size(); i++) {
            Finding finding = before.get(i);
            after.add(finding.outcome() == Outcome.MISSING ? create(topics.all().get(i)) : finding);
        }
        return after;
    }

    /** Compares the existing topics with the required ones. */
    public List<Finding> check(Topics topics) {
        return check(topics.all());
    }

    /** The same for some of them. */
    public List<Finding> check(List<? extends Topic<?, ?>> topics) {
        List<String> names = topics.stream().map(Topic::name).toList();
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(names).topicNameValues();
        var findings = new ArrayList<Finding>();
        for (Topic<?, ?> topic : topics) {
            findings.add(check(topic, requireNonNull(answers.get(topic.name()), topic.name())));
        }
        return findings;
    }

    /**
     * Compares the changelogs that Kafka Streams has made for its applications with the requirements. Kafka Streams
     * makes them by the configuration of the first start and never looks at them again. So those of an earlier version
     * may lack a setting that a promise rests on.
     *
     * @param applications their ids
     * @return one for each existing changelog, ordered by name; nothing for an application that has not run yet
     */
    public List<Finding> checkChangelogs(Collection<String> applications) {
        List<String> names = AdminAnswer.of(admin.listTopics().names()).stream()
                .filter(name -> name.endsWith(CHANGELOG))
                .filter(name -> applications.stream().anyMatch(id -> name.startsWith(id + "-")))
                .sorted()
                .toList();
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(names).topicNameValues();
        return names.stream()
                .map(name -> checkChangelog(
                        name, AdminAnswer.of(requireNonNull(answers.get(name), name)).partitions()))
                .toList();
    }

    private Finding checkChangelog(String name, List<TopicPartitionInfo> described) {
        return checkSettings(
                new Topic.Cleanup.Compacted(),
                new Finding(name, described.size(), Outcome.PRESENT, ""),
                described.getFirst().replicas().size());
    }

    /** The settings that a promise rests on. The operator chooses all other settings. */
    private Finding checkSettings(Topic.Cleanup cleanup, Finding present, int replicas) {
        String name = present.topic();
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try {
            Config found = requireNonNull(
                    AdminAnswer.of(admin.describeConfigs(List.of(resource)).all()).get(resource), name);
            String faults = Requirement.of(cleanup, replicas).stream()
                    .flatMap(requirement -> fault(requirement, found).stream())
                    .collect(Collectors.joining("; "));
            return faults.isEmpty()
                    ? present
                    : new Finding(name, present.partitions(), Outcome.WRONG, "has " + faults);
        } catch (AuthorizationException e) {
            // A user that may not read the settings may still use the topic.
            return present;
        }
    }

    private static Optional<String> fault(Requirement requirement, Config found) {
        String name = requirement.name();
        String value = requireNonNull(found.get(name), name).value();
        return requirement.met().test(value)
                ? Optional.empty()
                : Optional.of(name + "=" + value + ", " + requirement.fault() + "; set it to " + requirement.value());
    }

    private Finding check(Topic<?, ?> topic, KafkaFuture<TopicDescription> answer) {
        int expected = topic.layout().partitions();
        try {
            List<TopicPartitionInfo> described = AdminAnswer.of(answer).partitions();
            int partitions = described.size();
            return partitions == expected
                    ? checkSettings(
                            topic.layout().cleanup(),
                            new Finding(topic.name(), partitions, Outcome.PRESENT, ""),
                            described.getFirst().replicas().size())
                    : new Finding(
                            topic.name(),
                            partitions,
                            Outcome.WRONG,
                            "has " + partitions + " partitions, the configuration says " + expected
                                    + "; set topics." + topic.layout().partitionsKey() + " to " + partitions
                                    + " or use another topics.prefix");
        } catch (UnknownTopicOrPartitionException e) {
            return new Finding(topic.name(), expected, Outcome.MISSING,
                    "does not exist; './waybill topics' creates it");
        } catch (TopicAuthorizationException e) {
            return new Finding(topic.name(), expected, Outcome.WRONG, refused(AclOperation.DESCRIBE));
        }
    }

    private Finding create(Topic<?, ?> topic) {
        int partitions = topic.layout().partitions();
        var request = new NewTopic(topic.name(), partitions, replication)
                .configs(settings(topic, replication));
        try {
            AdminAnswer.of(admin.createTopics(List.of(request)).all());
            return new Finding(topic.name(), partitions, Outcome.CREATED, "");
        } catch (TopicExistsException e) {
            // Somebody else created it since we looked, by the same configuration. If not, the next check says so.
            return new Finding(topic.name(), partitions, Outcome.PRESENT, "");
        } catch (AuthorizationException e) {
            return new Finding(topic.name(), partitions, Outcome.MISSING, "does not exist, and "
                    + refused(AclOperation.CREATE));
        }
    }

    private static String refused(AclOperation operation) {
        return "the brokers refuse the Kafka user the operation " + operation
                + "; './waybill topics --acls' prints what each service needs, and who creates topics needs CREATE,"
                + " DESCRIBE and DESCRIBE_CONFIGS of all";
    }

    /** The settings that a new topic gets. */
    public static Map<String, String> settings(Topic<?, ?> topic, int replication) {
        Topic.Cleanup cleanup = topic.layout().cleanup();
        var settings = new LinkedHashMap<String, String>();
        switch (cleanup) {
            case Topic.Cleanup.AfterDays(int days) ->
                settings.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(TimeUnit.DAYS.toMillis(days)));
            case Topic.Cleanup.Compacted() ->
                settings.put(
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, String.valueOf(COMPACTION_LAG.toMillis()));
            case Topic.Cleanup.CompactedSoon() -> settings.putAll(COMPACTED_SOON);
            case Topic.Cleanup.NotBeforeDays _, Topic.Cleanup.Kept _ -> {
                // Their requirements hold all their settings.
            }
        }
        settings.putAll(Requirement.settings(Requirement.of(cleanup, replication)));
        return settings;
    }

    /** The complaints of findings, one line each; empty if there are none. */
    public static String faults(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> !finding.fault().isEmpty())
                .map(finding -> "topic " + finding.topic() + " " + finding.fault())
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
