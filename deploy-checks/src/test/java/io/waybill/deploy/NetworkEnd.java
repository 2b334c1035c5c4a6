package io.waybill.deploy;

import java.util.Map;

/**
 * A pod, or a machine outside of the cluster.
 *
 * @param name      of it alone
 * @param kind      what it is: all ends of a kind are the same to the policies
 * @param namespace its labels; none outside of the cluster
 * @param labels    of the pod; none outside of the cluster
 * @param address   IPv4
 * @param ports     the ports that have names
 */
record NetworkEnd(
        String name,
        String kind,
        Map<String, Object> namespace,
        Map<String, Object> labels,
        String address,
        Map<String, Integer> ports) {
    private static final String NAME_OF_SPACE = "kubernetes.io/metadata.name";

    /** A pod. Kubernetes gives each namespace a label with its name. */
    static NetworkEnd pod(String name, String kind, String namespace, Map<String, Object> labels, String address) {
        return new NetworkEnd(name, kind, Map.of(NAME_OF_SPACE, namespace), labels, address, Map.of());
    }

    static NetworkEnd outside(String name, String address) {
        return new NetworkEnd(name, name, Map.of(), Map.of(), address, Map.of());
    }

    NetworkEnd with(Map<String, Integer> named) {
        return new NetworkEnd(name, kind, namespace, labels, address, named);
    }

    boolean isPod() {
        return !namespace.isEmpty();
    }

    /** The name of its namespace. */
    String space() {
        return String.valueOf(namespace.get(NAME_OF_SPACE));
    }
}
