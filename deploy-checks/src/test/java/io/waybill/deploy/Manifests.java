package io.waybill.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What one overlay gives. */
record Manifests(List<Resource> all) {
    static Manifests of(String yaml) {
        return new Manifests(Resource.read(yaml));
    }

    Stream<Resource> kind(String... kinds) {
        return all.stream().filter(one -> List.of(kinds).contains(one.kind()));
    }

    Optional<Resource> find(String kind, String name) {
        return kind(kind).filter(one -> one.name().equals(name)).findFirst();
    }

    /** Whether one resource of this kind has this name. */
    boolean has(String kind, String name) {
        return find(kind, name).isPresent();
    }

    List<Resource> pods() {
        return kind("StatefulSet").toList();
    }

    /** What ends by itself. Its pods have no port, and no Service selects them. */
    List<Resource> jobs() {
        return kind("Job").toList();
    }

    /** All that makes pods. */
    List<Resource> workloads() {
        return kind("StatefulSet", "Job").toList();
    }

    /** The StatefulSets whose pods have these labels. */
    List<Resource> podsWith(Object selector) {
        return pods().stream().filter(pod -> matches(selector, labels(pod))).toList();
    }

    /** The same, Jobs included. */
    List<Resource> workloadsWith(Object selector) {
        return workloads().stream().filter(pod -> matches(selector, labels(pod))).toList();
    }

    private static Map<String, Object> labels(Resource workload) {
        return workload.map("spec", "template", "metadata", "labels");
    }

    /** As Kubernetes selects: {@code matchLabels} and {@code matchExpressions}, or labels alone. */
    static boolean matches(Object selector, Map<String, Object> labels) {
        Map<String, Object> written = Tree.map(selector);
        if (written.isEmpty()) {
            return true;
        }
        boolean structured = written.containsKey("matchLabels") || written.containsKey("matchExpressions");
        Map<String, Object> wanted =
                structured ? Tree.at(written, "matchLabels").map(Tree::map).orElse(Map.of()) : written;
        return wanted.entrySet().stream().allMatch(one -> one.getValue().equals(labels.get(one.getKey())))
                && Tree.list(written, "matchExpressions").stream().allMatch(one -> expression(one, labels));
    }

    private static boolean expression(Object expression, Map<String, Object> labels) {
        Object label = labels.get(Tree.text(expression, "key"));
        return switch (Tree.text(expression, "operator")) {
            case "In" -> label != null && Tree.list(expression, "values").contains(label);
            case "NotIn" -> !Tree.list(expression, "values").contains(label);
            case "Exists" -> label != null;
            case "DoesNotExist" -> label == null;
            default -> throw new IllegalArgumentException("unknown operator in " + expression);
        };
    }
}
