package io.waybill.testkit.kube.manifest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Rendered manifests. Unmodifiable: a change gives others. */
public record Manifests(List<Resource> resources) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<String> PLAYED = Set.of(
            "ConfigMap",
            "Deployment",
            "PodDisruptionBudget",
            "ScaledObject",
            "Secret",
            "Service",
            "StatefulSet",
            "TriggerAuthentication");

    /** They start nothing, and have tests of their own. */
    private static final Set<String> WITHOUT_A_PART = Set.of(
            "Kafka",
            "KafkaNodePool",
            "KafkaTopic",
            "KafkaUser",
            "Namespace",
            "NetworkPolicy",
            "PersistentVolumeClaim",
            "PodMonitor",
            "PrometheusRule",
            "ServiceAccount",
            "ServiceMonitor");

    public Manifests {
        resources = List.copyOf(resources);
        for (Resource one : resources) {
            if (!PLAYED.contains(one.kind()) && !WITHOUT_A_PART.contains(one.kind())) {
                throw new IllegalArgumentException("nobody here plays " + one.kind() + " " + one.name());
            }
        }
    }

    public static Manifests read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** Reads documents that are separated as YAML separates them. */
    public static Manifests parse(String yaml) {
        var resources = new ArrayList<Resource>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (document != null) {
                resources.add(new Resource(JSON.valueToTree(document)));
            }
        }
        return new Manifests(resources);
    }

    /** All of a kind, as they stand. */
    public List<Resource> all(String kind) {
        return resources.stream().filter(one -> one.kind().equals(kind)).toList();
    }

    public Optional<Resource> find(String kind, String name) {
        return all(kind).stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Resource get(String kind, String name) {
        return find(kind, name)
                .orElseThrow(() -> new IllegalArgumentException("there is no " + kind + " " + name));
    }

    /** What has pods. */
    public List<Resource> workloads() {
        return Stream.of("StatefulSet", "Deployment").flatMap(kind -> all(kind).stream()).toList();
    }

    /** The same without one of them, if it is there. */
    public Manifests without(String kind, String name) {
        return new Manifests(resources.stream()
                .filter(one -> !one.kind().equals(kind) || !one.name().equals(name))
                .toList());
    }

    /** The same with others, which take the places of those of the same kind and name. */
    public Manifests with(Manifests others) {
        var merged = this;
        for (Resource one : others.resources()) {
            merged = merged.without(one.kind(), one.name());
        }
        return new Manifests(Stream.concat(merged.resources().stream(), others.resources().stream()).toList());
    }

    /** The same with a change to one of them, as an overlay patches it. */
    public Manifests patched(String kind, String name, Consumer<ObjectNode> change) {
        ObjectNode copy = get(kind, name).json().deepCopy();
        change.accept(copy);
        return with(new Manifests(List.of(new Resource(copy))));
    }
}
