package io.waybill.launcher.cli.rights;

import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;

/** Prints the rights of all services, in words that Kafka's own tool takes. Connects to nothing. */
public final class AclListing {
    /** What the shell takes as it is. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@+-]+");

    private final Map<String, List<Grant>> grants;
    private final String prefix;

    /** @param prefix what the name of each service's Kafka user begins with */
    public AclListing(WaybillConfig config, String prefix) {
        this.grants = Services.grants(config);
        this.prefix = prefix;
    }

    /** Prints one line for each resource of each service, or JSON. */
    public static void print(Context context, String prefix) {
        Terminal terminal = context.terminal();
        var listing = new AclListing(context.configuration(), prefix);
        if (terminal.json()) {
            terminal.result(listing.json());
        } else {
            listing.lines().forEach(terminal::result);
        }
    }

    /** The arguments of {@code kafka-acls.sh --add}, quoted for a shell. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        grants.forEach((service, list) -> list.forEach(grant -> lines.add(line(service, grant))));
        return lines;
    }

    private String line(String service, Grant grant) {
        String type = grant.resource().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return "--allow-principal " + quoted(principal(service)) + operations(grant.operations()) + " --" + type + " "
                + quoted(grant.name())
                + (grant.pattern() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }

    private String principal(String service) {
        return "User:" + prefix + service;
    }

    private static String operations(Set<AclOperation> operations) {
        return operations.stream().map(one -> " --operation " + word(one)).collect(Collectors.joining());
    }

    /** As the tool writes it: {@code DescribeConfigs}. */
    private static String word(AclOperation operation) {
        return Pattern.compile("_?([A-Z])([A-Z]*)")
                .matcher(operation.name())
                .replaceAll(part -> part.group(1) + part.group(2).toLowerCase(Locale.ROOT));
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The same as objects. */
    public List<Map<String, Object>> json() {
        var all = new ArrayList<Map<String, Object>>();
        grants.forEach((service, list) -> list.forEach(grant -> {
            var json = new LinkedHashMap<String, Object>();
            json.put("service", service);
            json.put("principal", principal(service));
            json.put("resource", grant.resource().name());
            json.put("name", grant.name());
            json.put("pattern", grant.pattern().name());
            json.put("operations", grant.operations());
            all.add(json);
        }));
        return all;
    }
}
