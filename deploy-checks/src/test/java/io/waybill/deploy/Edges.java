package io.waybill.deploy;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The edges that the network policies open, in the words of deploy/k8s/README.md. A pod that no policy selects could speak with
 * everybody, so that is a fault.
 *
 * @param edges {@code SERVICE -> WHERE PROTOCOL/PORT} and {@code WHO -> SERVICE PROTOCOL/PORT}
 */
record Edges(Set<String> edges, List<String> faults) {
    static Edges of(Manifests manifests) {
        var found = new Edges(new TreeSet<>(), new ArrayList<>());
        List<Resource> policies = manifests.kind("NetworkPolicy").toList();
        policies.forEach(policy -> found.add(manifests, policy));
        for (Resource pod : manifests.workloads()) {
            for (String direction : List.of("Ingress", "Egress")) {
                boolean closed = policies.stream()
                        .filter(policy -> policy.list("spec", "policyTypes").contains(direction))
                        .anyMatch(policy -> manifests.workloadsWith(policy.map("spec", "podSelector")).contains(pod));
                if (!closed) {
                    found.faults.add(pod.id() + ": no policy closes " + direction);
                }
            }
        }
        return found;
    }

    private void add(Manifests manifests, Resource policy) {
        List<Resource> pods = manifests.workloadsWith(policy.map("spec", "podSelector"));
        if (pods.isEmpty()) {
            faults.add(policy.id() + ": selects no pod");
        }
        for (Resource pod : pods) {
            policy.list("spec", "egress")
                    .forEach(rule -> ends(manifests, policy, rule, "to").forEach(end -> ports(policy, rule,
                            pod).forEach(port -> edges.add(component(pod) + " -> " + end + " " + port))));
            policy.list("spec", "ingress")
                    .forEach(rule -> ends(manifests, policy, rule, "from").forEach(end -> ports(policy, rule,
                            pod).forEach(port -> edges.add(end + " -> " + component(pod) + " " + port))));
        }
    }

    private static String component(Resource pod) {
        return Tree.text(pod.map("spec", "template", "metadata", "labels"), "app.kubernetes.io/component");
    }

    private Set<String> ends(Manifests manifests, Resource policy, Object rule, String key) {
        var ends = new LinkedHashSet<String>();
        List<Object> peers = Tree.list(rule, key);
        if (peers.isEmpty()) {
            faults.add(policy.id() + ": opens an edge to everybody");
        }
        for (Object peer : peers) {
            String block = Tree.text(peer, "ipBlock", "cidr");
            Map<String, Object> space =
                    Tree.at(peer, "namespaceSelector", "matchLabels").map(Tree::map).orElse(Map.of());
            if (!block.isEmpty()) {
                boolean outside = Tree.list(peer, "ipBlock", "except").containsAll(
                        List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"));
                ends.add(outside ? "outside" : block);
            } else if (!space.isEmpty()) {
                ends.add(space.getOrDefault("kubernetes.io/metadata.name", String.join("", space.keySet())).toString());
            } else {
                List<Resource> pods = manifests.podsWith(Tree.at(peer, "podSelector").orElse(Map.of()));
                if (pods.isEmpty()) {
                    faults.add(policy.id() + ": its other end selects no pod");
                }
                pods.forEach(pod -> ends.add(component(pod)));
            }
        }
        return ends;
    }

    private Set<String> ports(Resource policy, Object rule, Resource pod) {
        var ports = new LinkedHashSet<String>();
        if (Tree.list(rule, "ports").isEmpty()) {
            faults.add(policy.id() + ": opens all ports");
        }
        for (Object port : Tree.list(rule, "ports")) {
            String name = Tree.text(port, "port");
            if (!name.matches("\\d+") && !References.portNames(pod).contains(name)) {
                if (pod.kind().equals("Job")) {
                    // It listens to nobody. A policy for all pods opens nothing of it.
                    continue;
                }
                faults.add(policy.id() + ": " + pod.id() + " has no port " + name);
            }
            ports.add(Tree.text(port, "protocol") + "/" + name);
        }
        return ports;
    }

    /** The edges that the configuration of an overlay needs, and that are not open. */
    static List<String> missing(Manifests manifests) {
        Settings settings = Settings.of(manifests, manifests.pods().getFirst(), References.CONFIG);
        var needed = new TreeSet<String>();
        manifests.pods().forEach(pod -> {
            needed.add(component(pod) + " -> kube-system UDP/53");
            needed.add(component(pod) + " -> " + end(settings.text("kafka", "bootstrap.servers").split(",", 2)[0]));
            URI registry = URI.create(settings.text("schema.registry.url"));
            needed.add(component(pod) + " -> " + end(registry.getHost() + ":" + registry.getPort()));
            needed.add("monitoring -> " + component(pod) + " TCP/http");
        });
        settings.each("destinations", "port", "22")
                .forEach(port -> needed.add("transfer-worker -> outside TCP/" + port));
        needed.addAll(List.of(
                "ingest-service -> outside TCP/443",
                "transfer-worker -> outside TCP/443",
                "state-processor -> state-processor TCP/http",
                "waybill-api-client -> state-processor TCP/http"));
        needed.removeAll(of(manifests).edges());
        return List.copyOf(needed);
    }

    /** The namespace of a name in the cluster; another name is outside. */
    private static String end(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        String port = address.substring(address.lastIndexOf(':') + 1);
        return (host.endsWith(".svc") ? host.split("\\.", 3)[1] : "outside") + " TCP/" + port;
    }
}
