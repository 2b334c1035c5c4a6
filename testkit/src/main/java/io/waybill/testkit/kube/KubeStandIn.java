package io.waybill.testkit.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.kube.manifest.Manifests;
import io.waybill.testkit.kube.manifest.Resource;
import io.waybill.testkit.kube.plan.Disruptions;
import io.waybill.testkit.kube.pod.ContainerEnd;
import io.waybill.testkit.kube.pod.Image;
import io.waybill.testkit.kube.pod.Launcher;
import io.waybill.testkit.kube.pod.Pod;
import io.waybill.testkit.kube.pod.PodTemplate;
import io.waybill.testkit.kube.pod.Surroundings;
import io.waybill.testkit.kube.scale.LagTrigger;
import io.waybill.testkit.kube.scale.MetricsApiTrigger;
import io.waybill.testkit.kube.scale.Trigger;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs rendered manifests on this machine, each pod in a sandbox. It is no cluster: docs/decisions/033 lists what it leaves
 * out. Any thread.
 */
@SuppressWarnings("try") // close() may be interrupted, and says so
public final class KubeStandIn implements AutoCloseable {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Settings settings;
    private final Surroundings surroundings;
    private final Addresses addresses = new Addresses();
    private final Closing closing = new Closing();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Map<String, Workload> workloads = new LinkedHashMap<>();
    private final Map<String, ServiceRelay> relays = new LinkedHashMap<>();
    private final Map<String, ScaledWorkload> scaled = new LinkedHashMap<>();
    private final Queue<Pod> everyPod = new ConcurrentLinkedQueue<>();
    private final Thread controlling;
    private volatile Manifests manifests = new Manifests(List.of());
    private volatile @Nullable Exception failure;

    /**
     * @param image       of every container
     * @param outside     addresses of servers outside of the cluster, by the names that the manifests have for them
     * @param brokers     in place of the {@code bootstrapServers} of a ScaledObject
     * @param addressKeys variables by which the program is told where to listen
     * @param autoscaling how often the autoscaler looks; a cluster's default is 15 seconds
     */
    public record Settings(
            Path directory,
            Image image,
            Map<String, String> outside,
            String brokers,
            List<String> addressKeys,
            Duration autoscaling) {}

    /** A number of pods that a ScaledObject decided, and how long after its start. */
    public record Scaling(Duration at, int replicas) {}

    public KubeStandIn(Settings settings) throws IOException {
        this.settings = settings;
        surroundings = new Surroundings(
                settings.directory(),
                settings.image().in(settings.directory().resolve("root")),
                () -> manifests,
                () -> new ClusterNames(manifests, addresses).variables(),
                settings.addressKeys(),
                closing.add(new Launcher()),
                ProcessClock.system());
        controlling = Thread.ofPlatform().daemon().name("controllers").start(this::control);
    }

    private void control() {
        try {
            while (!stopping.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                reconcile();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void reconcile() throws IOException {
        for (Workload workload : workloads.values()) {
            workload.reconcile();
        }
        var pods = pods();
        String names = names(pods);
        for (Pod pod : pods) {
            pod.names(names);
        }
    }

    private String names(List<Pod> pods) {
        return new ClusterNames(manifests, addresses).hosts(pods, settings.outside());
    }

    /** Applies manifests for the first time, or changed ones; what is not among them any more stays. */
    public synchronized void apply(Manifests applied) throws IOException {
        manifests = manifests.with(applied);
        for (Resource service : applied.all("Service")) {
            open(service);
        }
        for (Resource resource : applied.workloads()) {
            Workload present = workloads.get(resource.name());
            if (present == null) {
                workloads.put(resource.name(), new Workload(
                        resource, addresses, settings.directory().resolve("claims"), this::start));
            } else {
                present.apply(resource);
            }
        }
        for (Pod pod : pods()) {
            pod.refresh();
        }
        for (Resource resource : applied.all("ScaledObject")) {
            if (!scaled.containsKey(resource.name())) {
                scaled.put(resource.name(), closing.add(new ScaledWorkload(
                        resource,
                        workload(resource.at("/spec/scaleTargetRef/name").asText()),
                        settings.autoscaling(),
                        surroundings.clock(),
                        trigger -> trigger(resource, trigger))));
            }
        }
    }

    private Pod start(Pod.Identity identity, PodTemplate template) throws IOException {
        var pod = new Pod(identity, template, surroundings, names(pods()));
        everyPod.add(pod);
        pod.start();
        return pod;
    }

    private void open(Resource service) throws IOException {
        if (ClusterNames.isHeadless(service) || !service.at("/spec/selector").isObject()) {
            return;
        }
        for (JsonNode port : service.at("/spec/ports")) {
            String key = service.name() + ":" + port.path("port").asInt();
            JsonNode target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            if (!relays.containsKey(key)) {
                relays.put(key, closing.add(new ServiceRelay(
                        addresses.ofService(service.name()),
                        port.path("port").asInt(),
                        () -> ClusterNames.endpoints(service, pods()).stream()
                                .map(pod -> new InetSocketAddress(
                                        pod.identity().address(), pod.template().port(target)))
                                .toList())));
            }
        }
    }

    private Trigger trigger(Resource resource, JsonNode trigger) {
        JsonNode metadata = trigger.path("metadata");
        return switch (trigger.path("type").asText()) {
            case "kafka" -> new LagTrigger(metadata, settings.brokers());
            case "metrics-api" -> new MetricsApiTrigger(metadata, this::resolve, token(resource, trigger));
            default -> throw new IllegalArgumentException("nobody here plays the trigger " + trigger.path("type"));
        };
    }

    private Optional<String> token(Resource resource, JsonNode trigger) {
        String name = trigger.at("/authenticationRef/name").asText("");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        for (JsonNode one : manifests.get("TriggerAuthentication", name).at("/spec/secretTargetRef")) {
            if (one.path("parameter").asText().equals("token")) {
                return Optional.of(Secrets.text(manifests, one.path("name").asText(), one.path("key").asText()));
            }
        }
        throw new IllegalArgumentException("the authentication of " + resource.name() + " gives no token");
    }

    /** The address here of an address within the cluster. */
    public URI resolve(URI within) {
        String service = within.getHost().split("\\.")[0];
        manifests.get("Service", service);
        return URI.create(within.toString().replaceFirst(
                java.util.regex.Pattern.quote(within.getHost()), addresses.ofService(service)));
    }

    private synchronized Workload workload(String name) {
        Workload workload = workloads.get(name);
        if (workload == null) {
            throw new IllegalArgumentException("there is no workload " + name);
        }
        return workload;
    }

    /** Those of all workloads that are not gone. */
    private synchronized List<Pod> pods() {
        return workloads.values().stream().flatMap(workload -> workload.pods().stream()).toList();
    }

    /** Those of a workload that are not gone. */
    public List<Pod> pods(String workload) {
        return workload(workload).pods();
    }

    public Pod pod(String name) {
        return pods().stream()
                .filter(pod -> pod.name().equals(name) && !pod.isTerminating())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no pod " + name));
    }

    public int replicas(String workload) {
        return workload(workload).replicas();
    }

    public void scale(String workload, int replicas) {
        workload(workload).scale(replicas);
    }

    /** As {@code kubectl rollout restart}. */
    public void restart(String workload) {
        workload(workload).restart();
    }

    public synchronized List<String> workloads() {
        return List.copyOf(workloads.keySet());
    }

    /**
     * Whether every workload has all its pods, of the newest template and ready, and no others.
     *
     * @throws IllegalStateException if a pod cannot run at all
     */
    public synchronized boolean isSettled() {
        Exception broken = failure;
        if (broken != null) {
            throw new IllegalStateException("the controllers do not work any more", broken);
        }
        return workloads.values().stream().allMatch(Workload::isSettled);
    }

    /** Evicts a pod, as the drain of a node does. False if a budget refuses it. */
    public synchronized boolean evict(String name) {
        Pod pod = pod(name);
        for (Resource budget : manifests.all("PodDisruptionBudget")) {
            if (budget.selects("/spec/selector", pod.template().labels())) {
                var among = pods().stream()
                        .filter(one -> budget.selects("/spec/selector", one.template().labels()))
                        .toList();
                int healthy = (int) among.stream().filter(Pod::isReady).count();
                int expected = workloads.values().stream()
                        .filter(one -> budget.selects("/spec/selector", one.template().labels()))
                        .mapToInt(Workload::replicas)
                        .sum();
                if (!Disruptions.allowed(budget.at("/spec"), expected, healthy)) {
                    return false;
                }
            }
        }
        pod.delete();
        return true;
    }

    /** How all processes of all pods ended so far, also of pods that are gone. */
    public List<ContainerEnd> ends() {
        return everyPod.stream().flatMap(pod -> pod.ends().stream()).toList();
    }

    /** What a ScaledObject decided so far. */
    public synchronized List<Scaling> scalings(String scaledObject) {
        var decided = new ArrayList<Scaling>();
        ScaledWorkload of = scaled.get(scaledObject);
        if (of != null) {
            of.decisions().forEach(one -> decided.add(new Scaling(one.at(), one.replicas())));
        }
        return decided;
    }

    /** Ends all pods at once, each within its grace period. */
    @Override
    public void close() throws Exception {
        stopping.countDown();
        controlling.join();
        everyPod.forEach(Pod::delete);
        for (Pod pod : everyPod) {
            pod.awaitGone();
        }
        closing.close();
    }
}
