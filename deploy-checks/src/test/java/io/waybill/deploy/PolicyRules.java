package io.waybill.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a network plugin makes of NetworkPolicies: rules of nftables for the router between all ends of a network. The end with the
 * number N is behind the interface {@code vN}. As in a cluster, an edge is open if what its first end may send and what its second
 * end may take both let it through, and a pod that no policy selects may send or take everything.
 *
 * <p>A closed stream is reset instead of dropped, so that nobody has to guess how long to wait for it.
 */
final class PolicyRules {
    private static final Set<String> KNOWN_PEERS = Set.of("podSelector", "namespaceSelector", "ipBlock");
    private static final Set<String> KNOWN_PORTS = Set.of("protocol", "port");

    private final List<Resource> policies;
    private final List<NetworkEnd> ends;
    private final StringBuilder chains = new StringBuilder();
    private final StringBuilder jumps = new StringBuilder();

    private PolicyRules(Manifests manifests, List<NetworkEnd> ends) {
        policies = manifests.kind("NetworkPolicy").toList();
        this.ends = ends;
    }

    /** The text for nft. */
    static String of(Manifests manifests, List<NetworkEnd> ends) {
        var rules = new PolicyRules(manifests, ends);
        rules.direction("Egress", "egress", "to", "iifname");
        rules.direction("Ingress", "ingress", "from", "oifname");
        return """
                table ip policies {
                %s  chain forward {
                    type filter hook forward priority 0; policy accept;
                    ct state established,related accept
                %s  }
                }
                """.formatted(rules.chains, rules.jumps);
    }

    private void direction(String type, String section, String peers, String side) {
        for (int i = 0; i < ends.size(); i++) {
            NetworkEnd end = ends.get(i);
            List<Resource> selecting = policies.stream()
                    .filter(policy -> types(policy).contains(type) && selects(policy, end))
                    .toList();
            if (selecting.isEmpty()) {
                continue;
            }
            String chain = section + i;
            jumps.append("    %s \"v%d\" jump %s\n".formatted(side, i, chain));
            chains.append("  chain %s {\n".formatted(chain));
            for (Resource policy : selecting) {
                policy.list("spec", section).forEach(rule -> open(policy, rule, peers, end));
            }
            chains.append("    meta l4proto tcp reject with tcp reset\n    drop\n  }\n");
        }
    }

    private static List<Object> types(Resource policy) {
        if (policy.at("spec", "policyTypes").isPresent()) {
            return policy.list("spec", "policyTypes");
        }
        return policy.at("spec", "egress").isPresent() ? List.of("Ingress", "Egress") : List.of("Ingress");
    }

    private static boolean selects(Resource policy, NetworkEnd end) {
        return end.isPod()
                && end.space().equals(Tree.text(policy.content(), "metadata", "namespace"))
                && Manifests.matches(policy.map("spec", "podSelector"), end.labels());
    }

    /** What one rule of a policy opens for one end. */
    private void open(Resource policy, Object rule, String section, NetworkEnd end) {
        boolean sends = section.equals("to");
        String address = sends ? "ip daddr" : "ip saddr";
        if (Tree.at(rule, section).isEmpty()) {
            ports(rule, sends ? Map.of() : end.ports()).forEach(this::accept);
        }
        for (Object peer : Tree.list(rule, section)) {
            known(peer, KNOWN_PEERS);
            if (Tree.at(peer, "ipBlock").isPresent()) {
                ports(rule, sends ? Map.of() : end.ports()).forEach(port -> accept(block(address, peer) + port));
                continue;
            }
            for (NetworkEnd other : ends) {
                if (isPeer(policy, peer, other)) {
                    ports(rule, sends ? other.ports() : end.ports())
                            .forEach(port -> accept(address + " " + other.address() + " " + port));
                }
            }
        }
    }

    private void accept(String match) {
        // The end on the other side has its say as well.
        chains.append("    ").append(match).append(" return\n");
    }

    private static boolean isPeer(Resource policy, Object peer, NetworkEnd other) {
        if (!other.isPod()) {
            return false;
        }
        boolean space = Tree.at(peer, "namespaceSelector")
                .map(selector -> Manifests.matches(selector, other.namespace()))
                .orElseGet(() -> other.space().equals(Tree.text(policy.content(), "metadata", "namespace")));
        return space
                && Tree.at(peer, "podSelector").map(one -> Manifests.matches(one, other.labels())).orElse(true);
    }

    private static String block(String address, Object peer) {
        String block = address + " " + Tree.text(peer, "ipBlock", "cidr") + " ";
        List<Object> except = Tree.list(peer, "ipBlock", "except");
        if (except.isEmpty()) {
            return block;
        }
        return block + address + " != { " + except.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + " } ";
    }

    /** Matches of the ports of a rule; one that matches all if it names none. */
    private static List<String> ports(Object rule, Map<String, Integer> names) {
        if (Tree.list(rule, "ports").isEmpty()) {
            return List.of("");
        }
        var matches = new ArrayList<String>();
        for (Object port : Tree.list(rule, "ports")) {
            known(port, KNOWN_PORTS);
            String protocol = Tree.at(port, "protocol").map(String::valueOf).orElse("TCP").toLowerCase(Locale.ROOT);
            String name = Tree.text(port, "port");
            if (name.matches("\\d+")) {
                matches.add(protocol + " dport " + name);
            } else if (names.containsKey(name)) {
                // A pod without a port of this name has nothing that the policy could open.
                matches.add(protocol + " dport " + names.get(name));
            }
        }
        return matches;
    }

    private static void known(Object written, Set<String> keys) {
        if (!keys.containsAll(Tree.map(written).keySet())) {
            throw new IllegalArgumentException("nobody here enforces " + written);
        }
    }
}
