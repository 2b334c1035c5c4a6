package io.waybill.runtime.rights;

import io.waybill.runtime.topic.Topic;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Collects what a service needs, in the words of what it does. Each method returns this object. Whoever reads or writes a
 * topic also checks its settings at the start. One thread.
 */
public final class Grants {
    private final Map<Resource, Set<AclOperation>> operations = new LinkedHashMap<>();

    private record Resource(ResourceType type, String name, PatternType pattern) {}

    private Grants add(ResourceType type, String name, PatternType pattern, AclOperation... which) {
        operations.computeIfAbsent(new Resource(type, name, pattern), _ -> EnumSet.noneOf(AclOperation.class))
                .addAll(Set.of(which));
        return this;
    }

    private Grants topics(List<? extends Topic<?, ?>> topics, AclOperation operation) {
        topics.forEach(topic -> add(
                ResourceType.TOPIC, topic.name(), PatternType.LITERAL, operation, AclOperation.DESCRIBE_CONFIGS));
        return this;
    }

    /** It reads records of these topics. */
    public Grants reads(Topic<?, ?>... topics) {
        return topics(List.of(topics), AclOperation.READ);
    }

    /** It writes records to these topics. */
    public Grants writes(Topic<?, ?>... topics) {
        return topics(List.of(topics), AclOperation.WRITE);
    }

    /** It deletes old records of a topic. */
    public Grants deletesRecords(Topic<?, ?> topic) {
        return add(ResourceType.TOPIC, topic.name(), PatternType.LITERAL, AclOperation.DELETE);
    }

    /** It asks where these topics end, and reads none of their records for that. */
    public Grants asksForEnds(Topic<?, ?>... topics) {
        for (Topic<?, ?> topic : topics) {
            add(ResourceType.TOPIC, topic.name(), PatternType.LITERAL, AclOperation.DESCRIBE);
        }
        return this;
    }

    /** It is a member of a consumer group. */
    public Grants joins(String group) {
        return add(ResourceType.GROUP, group, PatternType.LITERAL, AclOperation.READ);
    }

    /** It asks how far these groups have read. */
    public Grants asksForPositions(String... groups) {
        for (String group : groups) {
            add(ResourceType.GROUP, group, PatternType.LITERAL, AclOperation.DESCRIBE);
        }
        return this;
    }

    /** It writes in transactions, each of its instances under ids of its own. */
    public Grants hasTransactionsOf(String prefix) {
        return add(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, AclOperation.WRITE);
    }

    /**
     * It is an application of Kafka Streams: a group, transactions, and a changelog for each store, which it creates.
     *
     * @param application its id
     * @param stores      those that have changelogs
     */
    public Grants streams(String application, String... stores) {
        joins(application);
        hasTransactionsOf(application + "-");
        for (String store : stores) {
            add(
                    ResourceType.TOPIC,
                    application + "-" + store + "-changelog",
                    PatternType.LITERAL,
                    AclOperation.CREATE,
                    AclOperation.READ,
                    AclOperation.WRITE,
                    AclOperation.DESCRIBE_CONFIGS);
        }
        return this;
    }

    /** One for each resource, in the order in which they were named. */
    public List<Grant> all() {
        return operations.entrySet().stream().map(one -> grant(one.getKey(), one.getValue())).toList();
    }

    private static Grant grant(Resource resource, Set<AclOperation> wanted) {
        var rest = EnumSet.copyOf(wanted);
        rest.remove(AclOperation.DESCRIBE);
        var without = new Grant(resource.type(), resource.name(), resource.pattern(), rest.isEmpty() ? wanted : rest);
        return !wanted.contains(AclOperation.DESCRIBE)
                || without.allows(resource.type(), resource.name(), AclOperation.DESCRIBE)
                        ? without
                        : new Grant(resource.type(), resource.name(), resource.pattern(), wanted);
    }
}
