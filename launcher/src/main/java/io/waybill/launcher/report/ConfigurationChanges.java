package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.service.ServiceRegistration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What differs between two configurations, and which services must be restarted to take it. Shows no value. */
public final class ConfigurationChanges {
    private static final String INGEST = "ingest-service";
    private static final String STATE = "state-processor";
    private static final String WORKER = "transfer-worker";
    private static final String MONITOR = "timeout-monitor";
    private static final String AUDIT = "audit-service";

    private final List<Change> changes = new ArrayList<>();
    private final List<String> all;

    /**
     * A part of the configuration that differs.
     *
     * @param key     the key or section
     * @param change  added, removed or changed
     * @param restart the services that read it
     * @param note    what else must be done; may be empty
     */
    public record Change(String key, String change, List<String> restart, String note) {}

    /**
     * @param services all services, in the order in which a process makes them
     */
    public ConfigurationChanges(WaybillConfig old, WaybillConfig now, List<ServiceRegistration> services) {
        all = services.stream().map(ServiceRegistration::name).toList();
        shared(old, now);
        named("destinations.", old.destinations(), now.destinations(), List.of(STATE, WORKER),
                ConfigurationChanges::note);
        named("routes.", old.routes(), now.routes(), List.of(INGEST, STATE, MONITOR), (_, _) -> "");
        compare("http", old.http(), now.http(), all, "");
        streams(old, now);
        compare("shutdown", old.shutdown(), now.shutdown(), all, "");
        for (ServiceRegistration service : services) {
            service.sections().forEach(section -> own(section, service.name(), old, now));
        }
    }

    private void shared(WaybillConfig old, WaybillConfig now) {
        compare("kafka", old.kafka(), now.kafka(), all, "");
        compare("schema.registry.url and the other settings of the serdes", old.serde(), now.serde(), all,
                "");
        TopicSettings topics = old.topics();
        boolean forLife = !topics.prefix().equals(now.topics().prefix())
                || topics.filePartitions() != now.topics().filePartitions()
                || topics.workPartitions() != now.topics().workPartitions();
        compare("topics", topics, now.topics(), forLife ? all : List.of(), forLife
                ? "the prefix and the numbers of partitions are for life: with others Waybill finds none of its files"
                : "only 'waybill topics' reads the replication");
        compare("s3", old.s3(), now.s3(), List.of(INGEST, WORKER), "");
    }

    /** Lanes and folded names say which worker sends a path. */
    private static String note(DestinationConfig old, DestinationConfig now) {
        return old.lanes() == now.lanes() && old.foldNames() == now.foldNames()
                ? ""
                : "let its queue run empty before the change: paths move to other lanes";
    }

    private void streams(WaybillConfig old, WaybillConfig now) {
        boolean name = !old.streams().instanceId().equals(now.streams().instanceId());
        compare("streams", old.streams(), now.streams(), name
                ? List.of(INGEST, STATE, MONITOR, AUDIT)
                : List.of(STATE, MONITOR, AUDIT), "");
    }

    private void own(OwnSection<?> section, String service, WaybillConfig old, WaybillConfig now) {
        compare(section.keys().name(), old.of(section), now.of(section), List.of(service), "");
    }

    private void compare(String key, Object old, Object now, List<String> readers, String note) {
        if (!old.equals(now)) {
            changes.add(new Change(key, "changed", readers, note));
        }
    }

    private <K, V> void named(
            String section,
            Map<K, V> old,
            Map<K, V> now,
            List<String> readers,
            BiFunction<V, V, String> note) {
        var names = new TreeSet<String>();
        old.keySet().forEach(name -> names.add(name.toString()));
        now.keySet().forEach(name -> names.add(name.toString()));
        for (String name : names) {
            @Nullable V before = value(old, name);
            @Nullable V after = value(now, name);
            if (!Objects.equals(before, after)) {
                String change = before == null ? "added" : after == null ? "removed" : "changed";
                String further = before == null || after == null ? "" : note.apply(before, after);
                changes.add(new Change(section + name, change, readers, further));
            }
        }
    }

    private static <K, V> @Nullable V value(Map<K, V> all, String name) {
        return all.entrySet().stream()
                .filter(one -> one.getKey().toString().equals(name))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse(null);
    }

    /** The services to restart, in the order in which a process makes them. */
    public Set<String> restart() {
        var restart = new LinkedHashSet<>(all);
        restart.removeIf(service -> changes.stream().noneMatch(change -> change.restart().contains(service)));
        return restart;
    }

    /** The answer under {@code --json}. */
    public Map<String, Object> json() {
        return Map.of("changes", changes, "restart", restart());
    }

    /** Prints them for people. */
    public void print(Terminal terminal) {
        if (changes.isEmpty()) {
            terminal.result("nothing differs; no service needs a restart");
            return;
        }
        var table = new Table("~KEY", "CHANGE", "~RESTART", "~NOTE");
        changes.forEach(change -> table.row(
                change.key(), change.change(), String.join(", ", change.restart()), change.note()));
        terminal.result(table);
        terminal.result("");
        terminal.result(restart().isEmpty()
                ? "no service needs a restart"
                : "restart: " + String.join(", ", restart()));
    }
}
