package io.waybill.testkit.kube.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One life of a pod, from its creation to its end, with all lives of its container. A thread of its own runs it. Any thread
 * may ask and delete.
 */
public final class Pod {
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);

    private final Identity identity;
    private final PodTemplate template;
    private final Surroundings surroundings;
    private final Path directory;
    private final Volumes volumes;
    private final Path hosts;
    private final long created;
    private final CountDownLatch deleting = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Queue<ContainerEnd> ends = new ConcurrentLinkedQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile boolean ready;
    private volatile long deleted;
    private volatile boolean killed;
    private volatile @Nullable Exception fault;
    private volatile @Nullable ContainerProcess process;

    /**
     * Who a pod is.
     *
     * @param ordinal within its workload
     * @param claims  where each claim of its template lies
     */
    public record Identity(
            String name,
            String namespace,
            int ordinal,
            String address,
            String subdomain,
            Map<String, Path> claims) {}

    /** @throws IOException if its volumes cannot be made */
    public Pod(Identity identity, PodTemplate template, Surroundings surroundings, String names) throws IOException {
        this.identity = identity;
        this.template = template;
        this.surroundings = surroundings;
        created = surroundings.clock().nanos();
        directory = Files.createTempDirectory(
                Files.createDirectories(surroundings.directory().resolve("pods")), identity.name() + "-");
        volumes = new Volumes(directory.resolve("volumes"), template, identity.claims(), fields());
        volumes.show(surroundings.manifests().get());
        hosts = Files.writeString(directory.resolve("hosts"), names);
    }

    /** Begins to run. */
    public void start() {
        Thread.ofPlatform().daemon().name("pod-" + name()).start(this::run);
    }

    private void run() {
        try {
            int failures = 0;
            while (deleting.getCount() > 0) {
                live();
                failures++;
                if (deleting.await(backOff(failures).toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            volumes.delete();
        } catch (IOException | RuntimeException e) {
            fault = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            http.shutdownNow();
            gone.countDown();
        }
    }

    /** None before the first new start, then ten seconds, and double each time. */
    static Duration backOff(int failures) {
        if (failures == 1) {
            return Duration.ZERO;
        }
        Duration doubled = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures - 2, 10));
        return doubled.compareTo(LONGEST_BACK_OFF) < 0 ? doubled : LONGEST_BACK_OFF;
    }

    /** One life of the container. */
    private void live() throws IOException, InterruptedException {
        var started = ContainerProcess.start(sandbox(), directory, surroundings.launcher(), log());
        process = started;
        var stopping = new CountDownLatch(1);
        Thread probing = Thread.ofVirtual().name("probes-" + name()).start(() -> probe(started, stopping));
        Thread ending = Thread.ofVirtual().name("end-" + name()).start(() -> endWhenDeleted(started, stopping));
        int code = started.awaitEnd();
        ready = false;
        stopping.countDown();
        probing.interrupt();
        ending.interrupt();
        probing.join();
        ending.join();
        boolean asked = deleting.getCount() == 0;
        Duration took = asked ? surroundings.clock().since(deleted) : Duration.ZERO;
        ends.add(new ContainerEnd(name(), code, asked, killed, took));
    }

    private void probe(ContainerProcess of, CountDownLatch stopping) {
        try {
            if (probes("startupProbe") && !prober("startupProbe", stopping).once()) {
                if (stopping.getCount() > 0) {
                    of.kill();
                }
                return;
            }
            if (probes("livenessProbe")) {
                Thread.ofVirtual().name("liveness-" + name()).start(() -> watch(of, stopping));
            }
            if (probes("readinessProbe")) {
                prober("readinessProbe", stopping)
                        .forever(passed -> ready = passed && deleting.getCount() > 0 && stopping.getCount() > 0);
            } else {
                ready = deleting.getCount() > 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(ContainerProcess of, CountDownLatch stopping) {
        try {
            prober("livenessProbe", stopping).forever(passed -> {
                if (!passed) {
                    endInOrder(of, false);
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean probes(String kind) {
        return template.container().has(kind);
    }

    private Prober prober(String kind, CountDownLatch stopping) {
        Probe probe = Probe.of(template.container().path(kind), template);
        return new Prober(probe, identity.address(), http, stopping);
    }

    private void endWhenDeleted(ContainerProcess of, CountDownLatch stopping) {
        try {
            deleting.await();
            if (stopping.getCount() > 0) {
                endInOrder(of, true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endInOrder(ContainerProcess of, boolean counts) {
        of.terminate();
        try {
            if (!of.endsWithin(template.grace().toMillis())) {
                killed |= counts;
                of.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Sandbox sandbox() {
        JsonNode container = template.container();
        Image image = surroundings.image();
        var manifests = surroundings.manifests().get();
        var before = new TreeMap<>(image.environment());
        before.put("HOSTNAME", name());
        if (template.spec().path("enableServiceLinks").asBoolean(true)) {
            before.putAll(surroundings.services().get());
        }
        var environment = Environment.of(container, manifests, fields(), before);
        for (String key : surroundings.addressKeys()) {
            environment.put(key, identity.address());
        }
        var mounts = new ArrayList<>(volumes.mounts(container));
        mounts.add(new Mount(hosts, "/etc/hosts", true));
        return new Sandbox(
                image, name(), template.identity(image), environment, mounts, argv(container, environment));
    }

    private List<String> argv(JsonNode container, Map<String, String> environment) {
        var argv = new ArrayList<String>();
        if (container.path("command").isEmpty()) {
            argv.addAll(surroundings.image().entrypoint());
        }
        for (String part : new String[] {"command", "args"}) {
            container.path(part).forEach(word -> argv.add(Environment.expand(word.asText(), environment)));
        }
        return argv;
    }

    private Map<String, String> fields() {
        var fields = new TreeMap<String, String>();
        fields.put("metadata.name", name());
        fields.put("metadata.namespace", identity.namespace());
        fields.put("metadata.labels['apps.kubernetes.io/pod-index']", Integer.toString(identity.ordinal()));
        fields.put("status.podIP", identity.address());
        fields.put("status.hostIP", "127.0.0.1");
        fields.put("spec.nodeName", "this-machine");
        template.labels().forEach((key, value) -> fields.put("metadata.labels['" + key + "']", value));
        return fields;
    }

    public String name() {
        return identity.name();
    }

    public Identity identity() {
        return identity;
    }

    public PodTemplate template() {
        return template;
    }

    /** When it was created, in nanoseconds of the clock. */
    public long created() {
        return created;
    }

    /** Whether its Service may send it connections. */
    public boolean isReady() {
        return ready && deleting.getCount() > 0;
    }

    public boolean isTerminating() {
        return deleting.getCount() == 0;
    }

    public boolean isGone() {
        return gone.getCount() == 0;
    }

    /** Why it cannot run at all, such as a Secret that is not there. */
    public Optional<Exception> fault() {
        return Optional.ofNullable(fault);
    }

    /** How its processes ended so far. */
    public List<ContainerEnd> ends() {
        return List.copyOf(ends);
    }

    /** All that its processes printed, and those of the pods of the same name before it. */
    public Path log() {
        return surroundings.directory().resolve(name() + ".log");
    }

    /** Ends it in order: SIGTERM, and SIGKILL after its grace period. Returns at once. */
    public synchronized void delete() {
        if (deleting.getCount() > 0) {
            deleted = surroundings.clock().nanos();
            ready = false;
            deleting.countDown();
        }
    }

    /** As the loss of its process: SIGKILL, and the container starts again. */
    public void crash() {
        ContainerProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    public void awaitGone() throws InterruptedException {
        gone.await();
    }

    /** Shows it what changed in ConfigMaps and Secrets. */
    public synchronized void refresh() throws IOException {
        volumes.show(surroundings.manifests().get());
    }

    /** Shows it the names of Services and pods as they are now. */
    public synchronized void names(String lines) throws IOException {
        // In place, since the sandbox sees this file and no other that took its name.
        String before = Files.readString(hosts);
        if (!before.stripTrailing().equals(lines.stripTrailing())) {
            Files.write(hosts, (lines + "\n".repeat(Math.max(0, before.length() - lines.length()))).getBytes(
                    StandardCharsets.UTF_8), StandardOpenOption.WRITE);
        }
    }
}
