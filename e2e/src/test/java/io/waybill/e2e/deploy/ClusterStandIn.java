package io.waybill.e2e.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As much of the API of Kubernetes as kubectl needs to read, patch and delete stateful sets and pods, with a namespace for each
 * {@link Canary}; and the metrics of the workers. It is no cluster: nothing runs, and nothing is admitted or refused.
 */
final class ClusterStandIn implements AutoCloseable {
    static final String FORMER = "registry.example/waybill@sha256:" + "0".repeat(64);
    static final String NEW = "registry.example/waybill@sha256:" + "1".repeat(64);
    static final int WORKERS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern OBJECT = Pattern.compile(
            "/(?:api/v1|apis/apps/v1|apis/keda.sh/v1alpha1)/namespaces/([^/]+)/([^/]+)(?:/([^/]+))?");
    private static final Pattern METRICS = Pattern.compile("/metrics/([^/]+)/waybill-transfer-worker-(\\d+)");
    private static final Map<String, String> DISCOVERY = Map.of(
            "/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}",
            "/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[" + group("apps", "v1") + ","
                    + group("keda.sh", "v1alpha1") + "]}",
            "/api/v1", resources("v1", "pods", "Pod"),
            "/apis/apps/v1", resources("apps/v1", "statefulsets", "StatefulSet"),
            "/apis/keda.sh/v1alpha1", resources("keda.sh/v1alpha1", "scaledobjects", "ScaledObject"));

    private final HttpServer server;
    private final Map<String, Map<String, StatefulSetStandIn>> namespaces = new ConcurrentHashMap<>();
    private final Map<String, List<String>> journals = new ConcurrentHashMap<>();
    private final Map<String, Boolean> paused = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> scrapes = new ConcurrentHashMap<>();

    private ClusterStandIn(HttpServer server) {
        this.server = server;
    }

    static ClusterStandIn start() throws IOException {
        var cluster =
                new ClusterStandIn(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        for (Canary canary : Canary.values()) {
            cluster.fill(canary);
        }
        cluster.server.createContext("/", cluster::answer);
        cluster.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        cluster.server.start();
        return cluster;
    }

    private static String group(String name, String version) {
        return "{\"name\":\"%1$s\",\"versions\":[{\"groupVersion\":\"%1$s/%2$s\",\"version\":\"%2$s\"}]}"
                .formatted(name, version);
    }

    private static String resources(String version, String name, String kind) {
        return """
                {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"%s","resources":[
                {"name":"%s","singularName":"","namespaced":true,"kind":"%s","verbs":["get","list","patch","delete"]}]}
                """.formatted(version, name, kind);
    }

    private void fill(Canary canary) {
        List<String> journal = journals.computeIfAbsent(canary.namespace(), _ -> new CopyOnWriteArrayList<>());
        var sets = new LinkedHashMap<String, StatefulSetStandIn>();
        Map.of("state-processor", 2, "timeout-monitor", 1, "transfer-worker", WORKERS, "ingest-service", 1,
                "audit-service", 1)
                .forEach((name, replicas) -> sets.put("waybill-" + name, new StatefulSetStandIn(
                        "waybill-" + name, replicas, FORMER,
                        image -> !(canary == Canary.NEVER_BECOMES_READY && name.equals("transfer-worker")
                                && image.equals(NEW)),
                        (pod, image) -> journal
                                .add(pod.replace("waybill-", "") + " " + (image.equals(NEW) ? "new" : "former")),
                        ClusterStandIn::now)));
        namespaces.put(canary.namespace(), sets);
    }

    private static Instant now() {
        return ProcessClock.system().instant();
    }

    int port() {
        return server.getAddress().getPort();
    }

    Map<String, StatefulSetStandIn> sets(Canary canary) {
        return namespaces.getOrDefault(canary.namespace(), Map.of());
    }

    /** Which pods were made anew, what became of the scaling, and in which order. */
    List<String> journal(Canary canary) {
        return journals.getOrDefault(canary.namespace(), List.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher metrics = METRICS.matcher(path);
        if (metrics.matches()) {
            send(exchange, 200, "text/plain; version=0.0.4",
                    metrics(metrics.group(1), Integer.parseInt(metrics.group(2))));
        } else if (DISCOVERY.containsKey(path)) {
            send(exchange, 200, "application/json", DISCOVERY.getOrDefault(path, ""));
        } else {
            object(exchange, OBJECT.matcher(path));
        }
    }

    private String metrics(String namespace, int number) {
        Canary canary = Canary.valueOf(namespace.toUpperCase(Locale.ROOT).replace('-', '_'));
        var workers = set(sets(canary), "waybill-transfer-worker");
        boolean isNew = workers.imageOf(number).equals(NEW);
        if (isNew && canary == Canary.IS_NOT_SCRAPED) {
            return "";
        }
        int count = scrapes.computeIfAbsent(namespace + number + isNew, _ -> new AtomicInteger()).incrementAndGet();
        double uptime = Duration.between(workers.createdOf(number), now()).toMillis() / 1000.0;
        return canary.metrics(isNew, uptime, count);
    }

    private void object(HttpExchange exchange, Matcher path) throws IOException {
        if (!path.matches()) {
            send(exchange, 404, "application/json", "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404}");
            return;
        }
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        var sets = namespaces.getOrDefault(path.group(1), Map.of());
        ObjectNode found = switch (path.group(2)) {
            case "statefulsets" -> exchange.getRequestMethod().equals("PATCH")
                    ? set(sets, path.group(3)).patch(body)
                    : set(sets, path.group(3)).shown();
            case "pods" -> pod(exchange.getRequestMethod(), sets, path.group(3));
            default -> scaled(path.group(1), path.group(3), body);
        };
        send(exchange, 200, "application/json", found.toString());
    }

    private static StatefulSetStandIn set(Map<String, StatefulSetStandIn> sets, String name) {
        return Objects.requireNonNull(sets.get(name), name);
    }

    private static ObjectNode pod(String method, Map<String, StatefulSetStandIn> sets, String name) {
        int last = name.lastIndexOf('-');
        var set = set(sets, name.substring(0, last));
        int number = Integer.parseInt(name.substring(last + 1));
        if (method.equals("DELETE")) {
            set.delete(number);
        }
        return set.pod(number);
    }

    private ObjectNode scaled(String namespace, @Nullable String name, JsonNode patch) {
        ObjectNode scaled = JSON.createObjectNode().put("apiVersion", "keda.sh/v1alpha1").put("kind", "ScaledObject");
        ObjectNode metadata = scaled.putObject("metadata").put("name", "workers");
        scaled.putObject("spec").putObject("scaleTargetRef").put("name", "waybill-transfer-worker");
        if (name == null) {
            ObjectNode list =
                    JSON.createObjectNode().put("apiVersion", "keda.sh/v1alpha1").put("kind", "ScaledObjectList");
            list.putArray("items").add(scaled);
            return list;
        }
        JsonNode change = patch.at("/metadata/annotations/autoscaling.keda.sh~1paused");
        if (!change.isMissingNode()) {
            journals.getOrDefault(namespace, List.of()).add("scaling " + (change.isNull() ? "goes on" : "is paused"));
            paused.put(namespace, !change.isNull());
        }
        if (paused.getOrDefault(namespace, false)) {
            metadata.putObject("annotations").put("autoscaling.keda.sh/paused", "true");
        }
        return scaled;
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
