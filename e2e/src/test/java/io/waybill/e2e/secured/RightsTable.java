package io.waybill.e2e.secured;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** What each service may do in Kafka, as attempts show it: one row for each resource. */
final class RightsTable {
    private static final List<AclOperation> OF_TOPICS = List.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.ALTER_CONFIGS,
            AclOperation.DESCRIBE_CONFIGS);
    private static final List<AclOperation> OF_GROUPS =
            List.of(AclOperation.READ, AclOperation.DELETE, AclOperation.DESCRIBE);
    private static final List<AclOperation> OF_THE_CLUSTER = List.of(
            AclOperation.CREATE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.ALTER_CONFIGS,
            AclOperation.DESCRIBE_CONFIGS);
    /** These change nothing and wait for nothing. */
    private static final Set<AclOperation> ASKING = Set.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);

    private RightsTable() {}

    static String of(SecuredStack stack) throws Exception {
        var table = new StringBuilder();
        Map<String, List<Grant>> grants = Services.grants(stack.config(SecuredListeners.ADMIN));
        for (String service : Services.names()) {
            try (var attempts = new Attempts(stack.clients(SecuredStack.PREFIX + service))) {
                var rights = new Rights(service, grants.get(service), attempts);
                topics(stack, grants).forEach(topic -> table.append(rights.row(ResourceType.TOPIC, topic, OF_TOPICS)));
                groups(grants).forEach(group -> table.append(rights.row(ResourceType.GROUP, group, OF_GROUPS)));
                transactions(grants).forEach(id -> table.append(rights.row(
                        ResourceType.TRANSACTIONAL_ID, id + "probe", List.of(AclOperation.WRITE))));
                table.append(rights.row(ResourceType.CLUSTER, "kafka-cluster", OF_THE_CLUSTER));
            }
        }
        return table.toString();
    }

    /** The rights of a service, as attempts show them. */
    private record Rights(String service, List<Grant> grants, Attempts attempts) {
        String row(ResourceType type, String name, List<AclOperation> operations) {
            var row = new StringBuilder("%-16s %-16s %-44s".formatted(service, type, name));
            for (AclOperation operation : operations) {
                boolean own = grants.stream().anyMatch(grant -> grant.allows(type, name, operation));
                // What is its own, the stack has just done. To ask once more shows that an attempt can succeed.
                if (own) {
                    row.append(' ').append(operation);
                    assertThat(ASKING.contains(operation) && isRefused(type, name, operation))
                            .as("%s is refused %s of %s %s", service, operation, type, name)
                            .isFalse();
                } else {
                    assertThat(isRefused(type, name, operation))
                            .as("%s is refused %s of %s %s", service, operation, type, name)
                            .isTrue();
                }
            }
            return row.toString().stripTrailing() + "\n";
        }

        private boolean isRefused(ResourceType type, String name, AclOperation operation) {
            return switch (type) {
                case TOPIC -> attempts.isRefused(operation, name);
                case GROUP -> attempts.isGroupRefused(operation, name);
                case TRANSACTIONAL_ID -> attempts.isTransactionRefused(name);
                default -> attempts.isClusterRefused(operation);
            };
        }
    }

    private static List<String> topics(SecuredStack stack, Map<String, List<Grant>> grants) throws IOException {
        WaybillConfig config = stack.config(SecuredListeners.ADMIN);
        try (var serdes = DomainSerdes.from(config.serde())) {
            return Stream.concat(
                    Topics.from(config.topics(), serdes).all().stream().map(Topic::name),
                    named(grants, ResourceType.TOPIC))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    private static List<String> groups(Map<String, List<Grant>> grants) {
        return named(grants, ResourceType.GROUP).distinct().sorted().toList();
    }

    private static List<String> transactions(Map<String, List<Grant>> grants) {
        return named(grants, ResourceType.TRANSACTIONAL_ID).distinct().sorted().toList();
    }

    private static Stream<String> named(Map<String, List<Grant>> grants, ResourceType type) {
        return grants.values().stream()
                .flatMap(List::stream)
                .filter(grant -> grant.resource() == type)
                .map(Grant::name);
    }

    static String approved() throws IOException {
        try (var text = RightsTable.class.getResourceAsStream("rights.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
