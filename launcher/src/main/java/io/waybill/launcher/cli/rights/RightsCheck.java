package io.waybill.launcher.cli.rights;

import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.rights.LackingRights;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * Says which services the Kafka user of a configuration may run. A user of one service may run no other one, so only who
 * may run none at all is at fault, unless somebody names the services.
 *
 * @param ok     whether nothing is at fault
 * @param detail for people
 */
public record RightsCheck(boolean ok, String detail) {
    private static final int MOST_NAMED = 12;

    /** @param wanted the services that the user must be able to run; empty if nobody has said */
    public static RightsCheck of(WaybillConfig config, Admin admin, List<String> wanted) {
        var grants = new LinkedHashMap<>(Services.grants(config));
        if (!wanted.isEmpty()) {
            grants.keySet().retainAll(wanted);
        }
        Map<String, List<Grant>> lacking = new LackingRights(admin).ofServices(grants);
        List<String> complete = lacking.entrySet().stream()
                .filter(one -> one.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (complete.size() == lacking.size() || wanted.isEmpty() && !complete.isEmpty()) {
            return new RightsCheck(true, "the user may run " + String.join(", ", complete));
        }
        return new RightsCheck(false, wanted.isEmpty()
                ? "the user may run no service. " + nearest(lacking)
                : lacking.entrySet().stream()
                        .filter(one -> !one.getValue().isEmpty())
                        .map(one -> lacks(one.getKey(), one.getValue()))
                        .collect(Collectors.joining(". ")));
    }

    /**
     * Refuses names that no service has.
     *
     * @throws CommandException if there is one
     */
    public static void requireKnown(List<String> wanted) {
        wanted.stream().filter(name -> Services.of(name).isEmpty()).findFirst().ifPresent(name -> {
            throw CommandException
                    .usage("--service: there is no service '" + name + "'; there are " + Services.names());
        });
    }

    /** Most likely the service that is meant. */
    private static String nearest(Map<String, List<Grant>> lacking) {
        return lacking.entrySet().stream()
                .min(Comparator.comparingInt(one -> one.getValue().size()))
                .map(one -> lacks(one.getKey(), one.getValue()))
                .orElse("");
    }

    private static String lacks(String service, List<Grant> grants) {
        String named = grants.stream().limit(MOST_NAMED).map(RightsCheck::words).collect(Collectors.joining("; "));
        String more = grants.size() > MOST_NAMED ? "; and " + (grants.size() - MOST_NAMED) + " more" : "";
        return "For " + service + " it lacks " + named + more + ". './waybill topics --acls' prints what it needs";
    }

    private static String words(Grant grant) {
        String operations = grant.operations().stream().map(Enum::name).collect(Collectors.joining(", "));
        return operations + " of " + grant.resource().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " "
                + grant.name();
    }
}
