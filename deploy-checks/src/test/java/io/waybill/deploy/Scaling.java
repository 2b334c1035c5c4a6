package io.waybill.deploy;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What KEDA is told. The keys of a trigger are a free map, in which KEDA takes no notice of a key that it does not know. So they are
 * compared with the lists of KEDA's documents for 2.17 to 2.19.
 */
final class Scaling {
    private static final Map<String, Set<String>> KEYS = Map.of(
            "kafka",
            Set.of(
                    "bootstrapServers", "bootstrapServersFromEnv", "consumerGroup", "consumerGroupFromEnv", "topic",
                    "topicFromEnv",
                    "lagThreshold", "activationLagThreshold", "offsetResetPolicy", "allowIdleConsumers",
                    "scaleToZeroOnInvalidOffset", "limitToPartitionsWithLag", "excludePersistentLag",
                    "ensureEvenDistributionOfPartitions", "version", "partitionLimitation", "sasl", "tls", "unsafeSsl",
                    "saslTokenType", "awsRegion"),
            "metrics-api",
            Set.of(
                    "targetValue", "activationTargetValue", "url", "format", "valueLocation", "authMode", "method",
                    "keyParamName",
                    "unsafeSsl", "aggregateFromKubeServiceEndpoints", "aggregationType"));

    private static final int LONGEST_STEP = 60;
    private static final int SHORTEST_WINDOW = 300;

    private final Manifests manifests;
    private final Settings settings;
    private final List<String> faults = new ArrayList<>();

    private Scaling(Manifests manifests) {
        this.manifests = manifests;
        settings = Settings.of(manifests, manifests.pods().getFirst(), References.CONFIG);
    }

    /** What is wrong; empty if nothing is, or if nothing scales. */
    static List<String> faults(Manifests manifests) {
        var scaling = new Scaling(manifests);
        manifests.kind("ScaledObject").forEach(scaling::scaled);
        manifests.kind("TriggerAuthentication").forEach(scaling::authentication);
        return scaling.faults;
    }

    private void require(boolean good, Resource resource, String fault) {
        if (!good) {
            faults.add(resource.id() + ": " + fault);
        }
    }

    private void scaled(Resource scaled) {
        String target = Tree.text(scaled.content(), "spec", "scaleTargetRef", "name");
        List<Resource> pods = manifests.kind(Tree.text(scaled.content(), "spec", "scaleTargetRef", "kind"))
                .filter(one -> one.name().equals(target))
                .toList();
        require(pods.size() == 1, scaled, "there is nothing named " + target);
        pods.forEach(one -> require(
                one.at("spec", "replicas").isEmpty(), one, "has replicas, which each deployment would bring back"));
        require(
                Tree.text(scaled.content(), "spec", "maxReplicaCount")
                        .equals(settings.or("24", "topics", "workPartitions")),
                scaled,
                "maxReplicaCount is not topics.workPartitions");
        down(scaled);
        for (Object trigger : scaled.list("spec", "triggers")) {
            trigger(scaled, trigger);
        }
    }

    private void down(Resource scaled) {
        Map<String, Object> behavior =
                scaled.map("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleDown");
        require(number(behavior, "stabilizationWindowSeconds") >= SHORTEST_WINDOW, scaled, "scales down at once");
        List<Object> policies = Tree.list(behavior, "policies");
        require(
                policies.size() == 1 && Tree.text(policies, 0, "type").equals("Pods")
                        && number(policies, 0, "value") == 1
                        && number(policies, 0, "periodSeconds") >= LONGEST_STEP,
                scaled,
                "scales down more than one pod at a time");
    }

    private static int number(Object root, Object... path) {
        return Tree.at(root, path).map(value -> Integer.parseInt(value.toString())).orElse(0);
    }

    private void trigger(Resource scaled, Object trigger) {
        String type = Tree.text(trigger, "type");
        Map<String, Object> metadata = Tree.at(trigger, "metadata").map(Tree::map).orElse(Map.of());
        var unknown = new HashSet<>(metadata.keySet());
        unknown.removeAll(KEYS.getOrDefault(type, Set.of()));
        require(unknown.isEmpty(), scaled, "KEDA knows no " + unknown + " of " + type);
        metadata.forEach((key, value) -> require(value instanceof String, scaled, key + " is no text"));
        String login = Tree.text(trigger, "authenticationRef", "name");
        require(manifests.has("TriggerAuthentication", login), scaled, "there is no TriggerAuthentication " + login);
        if (type.equals("kafka")) {
            kafka(scaled, metadata);
        } else {
            metricsApi(scaled, metadata);
        }
    }

    private void kafka(Resource scaled, Map<String, Object> metadata) {
        require(number(scaled.content(), "spec", "minReplicaCount") == 1, scaled,
                "by lag there is one worker at least");
        require("true".equals(metadata.get("limitToPartitionsWithLag")), scaled,
                "limitToPartitionsWithLag is not true");
        require("earliest".equals(metadata.get("offsetResetPolicy")), scaled, "offsetResetPolicy is not earliest");
        require(!metadata.containsKey("excludePersistentLag"), scaled,
                "excludePersistentLag takes the workers of large files");
        require(
                settings.text("kafka", "bootstrap.servers").equals(metadata.get("bootstrapServers")),
                scaled,
                "asks other brokers than the services");
        String topic = settings.or("waybill.", "topics", "prefix") + "transfer-work";
        require(topic.equals(metadata.get("topic")), scaled, "topic is not " + topic);
        require(groups().contains(String.valueOf(metadata.get("consumerGroup"))), scaled,
                "no worker is in the consumerGroup");
    }

    /** The groups in which workers are, as the rights of the worker name them. */
    private List<String> groups() {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                "{ kafka: { bootstrap.servers: a:1 }, schema.registry.url: http://a, topics: { prefix: "
                        + settings.or("waybill.", "topics", "prefix") + " } }",
                Overrides.NONE,
                Services.sections());
        return Services.grants(config).getOrDefault("transfer-worker", List.of()).stream()
                .filter(grant -> grant.resource() == ResourceType.GROUP)
                .map(Grant::name)
                .toList();
    }

    private void metricsApi(Resource scaled, Map<String, Object> metadata) {
        URI url = URI.create(String.valueOf(metadata.get("url")));
        boolean tls = !settings.text("http", "tls", "certificate").isEmpty();
        require("https".equals(url.getScheme()) == tls, scaled, "asks by " + url.getScheme());
        String service = url.getHost().split("\\.", 2)[0];
        List<Resource> asked = manifests.kind("Service").filter(one -> one.name().equals(service)).toList();
        require(asked.size() == 1, scaled, "there is no Service " + service);
        asked.forEach(one -> {
            String namespace = Tree.text(one.content(), "metadata", "namespace");
            require(url.getHost().equals(service + "." + namespace + ".svc"), scaled, "asks another namespace");
            require(
                    Tree.text(one.content(), "spec", "ports", 0, "port").equals(String.valueOf(url.getPort())),
                    scaled,
                    "asks the port " + url.getPort());
        });
        require(
                Tree.list(settings.merged(), "http", "hosts").contains(url.getHost()),
                scaled,
                "http.hosts does not have " + url.getHost());
        require(
                Docs.hasField(url.getPath(), String.valueOf(metadata.get("valueLocation"))),
                scaled,
                "the API has no " + url.getPath() + " with " + metadata.get("valueLocation"));
        require(number(scaled.content(), "spec", "minReplicaCount") == 0, scaled, "minReplicaCount is not 0");
    }

    private void authentication(Resource login) {
        for (Object one : login.list("spec", "secretTargetRef")) {
            require(
                    Secrets.ofTheGuide()
                            .of(manifests, Tree.text(one, "name"))
                            .filter(keys -> keys.contains(Tree.text(one, "key")))
                            .isPresent(),
                    login,
                    "there is no Secret " + Tree.text(one, "name") + " with " + Tree.text(one, "key"));
        }
        for (Object one : login.list("spec", "configMapTargetRef")) {
            require(
                    manifests.find("ConfigMap", Tree.text(one, "name"))
                            .flatMap(map -> map.at("data", Tree.text(one, "key")))
                            .isPresent(),
                    login,
                    "there is no ConfigMap " + Tree.text(one, "name") + " with " + Tree.text(one, "key"));
        }
    }
}
