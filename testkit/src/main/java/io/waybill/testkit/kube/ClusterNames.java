package io.waybill.testkit.kube;

import io.waybill.testkit.kube.manifest.Manifests;
import io.waybill.testkit.kube.manifest.Resource;
import io.waybill.testkit.kube.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the DNS of a cluster would answer, as lines of a hosts file; and the variables of the Services. */
final class ClusterNames {
    private static final List<String> SUFFIXES = List.of("", ".%s", ".%s.svc", ".%s.svc.cluster.local");

    private final Manifests manifests;
    private final Addresses addresses;

    ClusterNames(Manifests manifests, Addresses addresses) {
        this.manifests = manifests;
        this.addresses = addresses;
    }

    static boolean isHeadless(Resource service) {
        return service.at("/spec/clusterIP").asText().equals("None");
    }

    /** The pods that a Service leads to. */
    static List<Pod> endpoints(Resource service, List<Pod> pods) {
        boolean all = service.at("/spec/publishNotReadyAddresses").asBoolean();
        return pods.stream()
                .filter(pod -> pod.identity().namespace().equals(service.namespace()))
                .filter(pod -> service.selects("/spec/selector", pod.template().labels()))
                .filter(pod -> pod.isReady() || all && !pod.isGone())
                .toList();
    }

    /**
     * @param outside servers outside of the cluster, by their names
     */
    String hosts(List<Pod> pods, Map<String, String> outside) {
        var lines = new ArrayList<String>();
        lines.add("127.0.0.1 localhost");
        outside.forEach((name, address) -> lines.add(address + " " + name));
        for (Resource service : manifests.all("Service")) {
            if (!isHeadless(service)) {
                lines.add(line(addresses.ofService(service.name()), service.name(), service.namespace()));
                continue;
            }
            for (Pod pod : endpoints(service, pods)) {
                lines.add(line(pod.identity().address(), service.name(), service.namespace()));
                if (pod.identity().subdomain().equals(service.name())) {
                    lines.add(line(pod.identity().address(), pod.name() + "." + service.name(), service.namespace()));
                }
            }
        }
        pods.forEach(pod -> lines.add(pod.identity().address() + " " + pod.name()));
        return String.join("\n", lines) + "\n";
    }

    private static String line(String address, String name, String namespace) {
        var line = new StringBuilder(address);
        SUFFIXES.forEach(suffix -> line.append(' ').append(name).append(suffix.formatted(namespace)));
        return line.toString();
    }

    Map<String, String> variables() {
        var variables = new TreeMap<String, String>();
        for (Resource service : manifests.all("Service")) {
            if (!isHeadless(service)) {
                String prefix = service.name().toUpperCase(java.util.Locale.ROOT).replace('-', '_');
                String address = addresses.ofService(service.name());
                String port = service.at("/spec/ports/0/port").asText();
                variables.put(prefix + "_SERVICE_HOST", address);
                variables.put(prefix + "_SERVICE_PORT", port);
                variables.put(prefix + "_PORT", "tcp://" + address + ":" + port);
            }
        }
        return variables;
    }
}
