package io.waybill.e2e.secured;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** Reads lines as {@code kafka-acls.sh --add} reads them: that tool is no library. Refuses every word that it does not know. */
final class PrintedAcls {
    private PrintedAcls() {}

    static List<AclBinding> read(List<String> lines) {
        var all = new ArrayList<AclBinding>();
        lines.forEach(line -> all.addAll(read(line)));
        return all;
    }

    private static List<AclBinding> read(String line) {
        String principal = "";
        ResourceType type = ResourceType.UNKNOWN;
        String name = "";
        PatternType pattern = PatternType.LITERAL;
        var operations = new ArrayList<AclOperation>();
        String[] words = line.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            String value = words[i + 1];
            switch (words[i]) {
                case "--allow-principal" -> principal = SecurityUtils.parseKafkaPrincipal(value).toString();
                case "--operation" -> operations.add(SecurityUtils.operation(value));
                case "--topic", "--group", "--transactional-id" -> {
                    type = ResourceType.fromString(words[i].substring(2).replace('-', '_'));
                    name = value;
                }
                case "--resource-pattern-type" -> pattern = PatternType.fromString(value.toUpperCase(Locale.ROOT));
                default -> throw new AssertionError("kafka-acls.sh does not know " + words[i]);
            }
        }
        assertThat(operations).as(line).isNotEmpty().doesNotContain(AclOperation.UNKNOWN, AclOperation.ANY);
        var resource = new ResourcePattern(type, name, pattern);
        String user = principal;
        return operations.stream()
                .map(operation -> new AclBinding(
                        resource, new AccessControlEntry(user, "*", operation, AclPermissionType.ALLOW)))
                .toList();
    }
}
