package io.waybill.launcher.cli.strimzi;

import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A {@code KafkaTopic} for each topic and a {@code KafkaUser} for each service, of the same catalogue and the same rights as
 * {@code ./waybill topics} and {@code ./waybill topics --acls}. Connects to nothing.
 */
public final class StrimziResources {
    private static final String API_VERSION = "kafka.strimzi.io/v1";

    /** What Kubernetes takes for a name. Nothing else may reach the files of an operator. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    private static final int LONGEST_NAME = 253;

    private final WaybillConfig config;
    private final String cluster;
    private final String prefix;

    /**
     * @param cluster name of the {@code Kafka} resource
     * @param prefix  what the name of each service's Kafka user begins with
     */
    public StrimziResources(WaybillConfig config, String cluster, String prefix) {
        this.config = config;
        this.cluster = named("--cluster", cluster);
        this.prefix = prefix;
    }

    /** Prints one document of YAML for each resource, or JSON. */
    public static void print(Context context, String cluster, String prefix) {
        Terminal terminal = context.terminal();
        List<Map<String, Object>> all = new StrimziResources(context.configuration(), cluster, prefix).all();
        if (terminal.json()) {
            terminal.result(all);
        } else {
            all.stream().flatMap(one -> BlockYaml.document(one).stream()).forEach(terminal::result);
        }
    }

    /** The topics in the order of the catalogue, then the users in the order of the services. */
    public List<Map<String, Object>> all() {
        var all = new ArrayList<Map<String, Object>>();
        try (var serdes = DomainSerdes.from(config.serde())) {
            Topics.from(config.topics(), serdes).all().forEach(topic -> all.add(topic(topic)));
        }
        Services.grants(config).forEach((service, grants) -> all.add(user(service, grants)));
        return all;
    }

    private Map<String, Object> topic(Topic<?, ?> topic) {
        var spec = new LinkedHashMap<String, Object>();
        spec.put("topicName", topic.name());
        spec.put("partitions", topic.layout().partitions());
        spec.put("replicas", (int) config.topics().replication());
        spec.put("config", new TreeMap<>(TopicCatalog.settings(topic, config.topics().replication())));
        // A topic may have capitals and underscores, a resource may not.
        return resource("KafkaTopic", topic.name().toLowerCase(Locale.ROOT).replace('_', '-'), spec);
    }

    private Map<String, Object> user(String service, List<Grant> grants) {
        var authorization = new LinkedHashMap<String, Object>();
        authorization.put("type", "simple");
        authorization.put("acls", grants.stream().map(StrimziResources::rule).toList());
        var spec = new LinkedHashMap<String, Object>();
        spec.put("authentication", Map.of("type", "scram-sha-512"));
        spec.put("authorization", authorization);
        return resource("KafkaUser", named("--principal-prefix", prefix + service), spec);
    }

    private Map<String, Object> resource(String kind, String name, Map<String, Object> spec) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", name);
        metadata.put("labels", Map.of("strimzi.io/cluster", cluster));
        var resource = new LinkedHashMap<String, Object>();
        resource.put("apiVersion", API_VERSION);
        resource.put("kind", kind);
        resource.put("metadata", metadata);
        resource.put("spec", spec);
        return resource;
    }

    private static Map<String, Object> rule(Grant grant) {
        var resource = new LinkedHashMap<String, Object>();
        resource.put("type", type(grant.resource()));
        resource.put("name", grant.name());
        if (grant.pattern() == PatternType.PREFIXED) {
            resource.put("patternType", "prefix");
        }
        var rule = new LinkedHashMap<String, Object>();
        rule.put("resource", resource);
        rule.put("operations", grant.operations().stream().map(StrimziResources::word).toList());
        return rule;
    }

    private static String type(ResourceType type) {
        return type == ResourceType.TRANSACTIONAL_ID ? "transactionalId" : type.name().toLowerCase(Locale.ROOT);
    }

    /** As Strimzi writes it: {@code DescribeConfigs}. */
    private static String word(AclOperation operation) {
        return Pattern.compile("_?([A-Z])([A-Z]*)")
                .matcher(operation.name())
                .replaceAll(part -> part.group(1) + part.group(2).toLowerCase(Locale.ROOT));
    }

    private static String named(String option, String name) {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw CommandException.usage(option + " gives '" + Terminal.printable(name)
                    + "', which is no name of a Kubernetes resource: small letters, digits, '-' and '.'");
        }
        return name;
    }
}
