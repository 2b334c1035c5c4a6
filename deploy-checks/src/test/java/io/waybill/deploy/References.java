package io.waybill.deploy;

import io.waybill.launcher.process.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether everything that one resource names exists where it points. */
final class References {
    static final String CONFIG = "/etc/waybill";

    private static final Set<String> PROBES = Set.of("/healthz", "/readyz");
    /** Files of the image that a configuration may name. */
    private static final Set<String> OF_THE_IMAGE = Set.of("/etc/ssl/certs/ca-certificates.crt");

    private static final int GRACE_BEYOND_PATIENCE = 15;

    private final Manifests manifests;
    private final Secrets secrets;
    private final List<String> faults = new ArrayList<>();

    private References(Manifests manifests, Secrets secrets) {
        this.manifests = manifests;
        this.secrets = secrets;
    }

    /** What is wrong; empty if nothing is. */
    static List<String> faults(Manifests manifests) {
        var references = new References(manifests, Secrets.ofTheGuide());
        references.services();
        manifests.pods().forEach(references::pod);
        manifests.jobs().forEach(references::job);
        manifests.kind("Service").forEach(references::service);
        manifests.kind("PodDisruptionBudget").forEach(references::budget);
        manifests.kind("ServiceMonitor").forEach(references::monitor);
        manifests.kind("KafkaTopic").forEach(references::topic);
        return references.faults;
    }

    private void require(boolean good, Resource resource, String fault) {
        if (!good) {
            faults.add(resource.id() + ": " + fault);
        }
    }

    /** Each service that a process can run has pods here. */
    private void services() {
        Set<String> running =
                manifests.pods().stream().map(References::serviceOf).collect(Collectors.toCollection(TreeSet::new));
        Services.names().stream().filter(name -> !running.contains(name))
                .forEach(name -> faults.add("no StatefulSet runs " + name));
    }

    private static List<Object> args(Resource pod) {
        return pod.list("spec", "template", "spec", "containers", 0, "args");
    }

    private static String serviceOf(Resource pod) {
        return args(pod).size() > 1 ? String.valueOf(args(pod).get(1)) : "";
    }

    private void pod(Resource pod) {
        Map<String, Object> spec = pod.map("spec", "template", "spec");
        require(Services.names().contains(serviceOf(pod)), pod, "'" + serviceOf(pod) + "' is no service");
        require(args(pod).equals(List.of("run", serviceOf(pod), "--config", CONFIG)), pod,
                "the arguments are " + args(pod));
        require(
                manifests.has("Service", Tree.text(pod.content(), "spec", "serviceName")),
                pod,
                "there is no Service " + Tree.text(pod.content(), "spec", "serviceName"));
        account(pod);
        Map<String, Object> labels = pod.map("spec", "template", "metadata", "labels");
        require(
                Manifests.matches(pod.map("spec", "selector"), labels) && !pod.map("spec", "selector").isEmpty(),
                pod,
                "the selector does not select its own pods");
        require(manifests.podsWith(pod.map("spec", "selector")).size() == 1, pod,
                "the selector selects pods of others");
        Tree.list(spec, "topologySpreadConstraints").forEach(spread -> require(
                Objects.equals(Tree.at(spread, "labelSelector"), pod.at("spec", "selector")),
                pod,
                "topologySpreadConstraints count other pods"));
        volumes(pod);
        files(pod);
        environment(pod);
        ports(pod);
        patience(pod);
    }

    /** A Job has no identity, no store and no port. */
    private void job(Resource job) {
        require(args(job).equals(List.of("topics", "--config", CONFIG)), job, "the arguments are " + args(job));
        account(job);
        mounts(job);
        files(job);
        require(
                manifests.kind("Service").noneMatch(service -> Manifests.matches(
                        service.map("spec", "selector"), job.map("spec", "template", "metadata", "labels"))),
                job,
                "a Service selects its pods");
    }

    private void account(Resource pod) {
        String account = Tree.text(pod.content(), "spec", "template", "spec", "serviceAccountName");
        require(manifests.has("ServiceAccount", account), pod, "there is no ServiceAccount " + account);
    }

    private void mounts(Resource pod) {
        var declared = new TreeSet<String>();
        pod.list("spec", "template", "spec", "volumes").forEach(volume -> declared.add(Tree.text(volume, "name")));
        pod.list("spec", "volumeClaimTemplates").forEach(claim -> declared.add(Tree.text(claim, "metadata", "name")));
        var mounted = new TreeSet<String>();
        pod.list("spec", "template", "spec", "containers", 0, "volumeMounts")
                .forEach(mount -> mounted.add(Tree.text(mount, "name")));
        require(declared.equals(mounted), pod, "has the volumes " + declared + " and mounts " + mounted);
    }

    private void volumes(Resource pod) {
        mounts(pod);
        Settings settings = Settings.of(manifests, pod, CONFIG);
        boolean stateful = !pod.list("spec", "volumeClaimTemplates").isEmpty();
        boolean streams = Set.of("state-processor", "timeout-monitor", "audit-service").contains(serviceOf(pod));
        require(stateful == streams, pod, stateful ? "has a volume and no store" : "has stores and no volume");
        require(
                pod.list("spec", "template", "spec", "containers", 0, "volumeMounts").stream()
                        .filter(mount -> Tree.text(mount, "name").equals("state"))
                        .anyMatch(mount -> settings.text("streams", "stateDirectory")
                                .startsWith(Tree.text(mount, "mountPath") + "/")),
                pod,
                "streams.stateDirectory is not on the volume");
    }

    /** The files that the configuration names, and the volumes that bring them. */
    private void files(Resource pod) {
        MountedFiles mounted = MountedFiles.of(manifests, secrets, pod);
        faults.addAll(mounted.faults());
        Settings.of(manifests, pod, CONFIG).fileReferences().forEach((key, file) -> require(
                mounted.files().containsKey(file) || OF_THE_IMAGE.contains(file), pod,
                key + " names " + file + ", which no volume brings"));
    }

    private void environment(Resource pod) {
        pod.list("spec", "template", "spec", "containers", 0, "env").stream()
                .map(variable -> Tree.text(variable, "name"))
                .filter(name -> name.startsWith("WAYBILL_"))
                .forEach(name -> require(Docs.isKey(name), pod, name + " is no key of the configuration"));
        String advertised = pod.list("spec", "template", "spec", "containers", 0, "env").stream()
                .filter(variable -> Tree.text(variable, "name").equals("WAYBILL_HTTP_ADVERTISED"))
                .map(variable -> Tree.text(variable, "value"))
                .findFirst()
                .orElse("");
        String host = "$(WAYBILL_STREAMS_INSTANCEID)." + Tree.text(pod.content(), "spec", "serviceName");
        String port = Settings.of(manifests, pod, CONFIG).text("http", "port");
        require(advertised.isEmpty() || advertised.equals(host + ":" + port), pod, "is advertised as " + advertised);
    }

    private void ports(Resource pod) {
        Object container = pod.at("spec", "template", "spec", "containers", 0).orElse(Map.of());
        Settings settings = Settings.of(manifests, pod, CONFIG);
        String port = settings.text("http", "port");
        List<Object> ports = Tree.list(container, "ports");
        require(
                ports.size() == 1 && Tree.text(ports, 0, "containerPort").equals(port),
                pod,
                "the port of the container is not http.port, which is " + port);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            String path = Tree.text(container, probe, "httpGet", "path");
            require(PROBES.contains(path), pod, probe + " asks for " + path);
            require(
                    Tree.text(container, probe, "httpGet", "port").equals(Tree.text(ports, 0, "name")),
                    pod,
                    probe + " asks a port that the container does not have");
            String scheme = Tree.text(container, probe, "httpGet", "scheme");
            require(scheme.equals("HTTPS") == speaksTls(settings), pod, probe + " asks by '" + scheme + "'");
        }
    }

    private static boolean speaksTls(Settings settings) {
        return !settings.text("http", "tls", "certificate").isEmpty();
    }

    private void patience(Resource pod) {
        String patience = Settings.of(manifests, pod, CONFIG).text("shutdown", "patience");
        String grace = Tree.text(pod.content(), "spec", "template", "spec", "terminationGracePeriodSeconds");
        require(
                patience.matches("\\d+s")
                        && Integer.parseInt(patience.replace("s", "")) + GRACE_BEYOND_PATIENCE
                                == Integer.parseInt(grace),
                pod,
                "terminationGracePeriodSeconds is " + grace + ", shutdown.patience is " + patience);
    }

    private void service(Resource service) {
        List<Resource> pods = manifests.podsWith(service.map("spec", "selector"));
        require(pods.size() == 1, service, "selects the pods of " + pods.size() + " StatefulSets");
        service.list("spec", "ports").forEach(port -> pods.forEach(pod -> require(
                portNames(pod).contains(Tree.text(port, "targetPort")),
                service,
                "names the port " + Tree.text(port, "targetPort") + ", which the pods do not have")));
    }

    static Set<String> portNames(Resource pod) {
        return pod.list("spec", "template", "spec", "containers", 0, "ports").stream()
                .map(port -> Tree.text(port, "name"))
                .collect(Collectors.toSet());
    }

    private void budget(Resource budget) {
        require(
                manifests.podsWith(budget.map("spec", "selector")).size() == 1,
                budget,
                "does not select the pods of one StatefulSet");
    }

    private void monitor(Resource monitor) {
        List<Resource> services = manifests.kind("Service")
                .filter(one -> Manifests.matches(monitor.map("spec", "selector"), one.map("metadata", "labels")))
                .toList();
        require(
                services.size() == manifests.pods().size(),
                monitor,
                "selects " + services.size() + " Services for " + manifests.pods().size() + " StatefulSets");
        boolean tls = speaksTls(Settings.of(manifests, manifests.pods().getFirst(), CONFIG));
        for (Object endpoint : monitor.list("spec", "endpoints")) {
            require(Tree.text(endpoint, "scheme").equals("https") == tls, monitor,
                    "asks by '" + Tree.text(endpoint, "scheme") + "'");
            services.forEach(one -> require(
                    one.list("spec", "ports").stream()
                            .anyMatch(port -> Tree.text(port, "name").equals(Tree.text(endpoint, "port"))),
                    monitor,
                    one.id() + " has no port " + Tree.text(endpoint, "port")));
            String secret = Tree.text(endpoint, "authorization", "credentials", "name");
            String key = Tree.text(endpoint, "authorization", "credentials", "key");
            require(
                    secrets.of(manifests, secret).filter(keys -> keys.contains(key)).isPresent(),
                    monitor,
                    "there is no Secret " + secret + " with " + key);
        }
    }

    /** A topic has as many partitions as the configuration says, or the services refuse it. */
    private void topic(Resource topic) {
        Settings settings = Settings.of(manifests, manifests.pods().getFirst(), CONFIG);
        String partitions = Tree.text(topic.content(), "spec", "partitions");
        require(
                Set.of(settings.or("12", "topics", "filePartitions"), settings.or("24", "topics", "workPartitions"))
                        .contains(partitions),
                topic,
                "has " + partitions + " partitions");
        require(
                Tree.text(topic.content(), "spec", "topicName").startsWith(settings.or("waybill.", "topics", "prefix")),
                topic,
                "does not begin with topics.prefix");
    }
}
