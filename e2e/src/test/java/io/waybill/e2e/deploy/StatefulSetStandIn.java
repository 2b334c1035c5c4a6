package io.waybill.e2e.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A stateful set and its pods, as its controller in Kubernetes replaces them: from the highest number down to the partition, one
 * after the other, and none while another one is not ready, which is OrderedReady. So a set with a pod that never becomes ready stands still until
 * somebody deletes that pod. Each look at it is one step of the controller.
 */
final class StatefulSetStandIn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = "/spec/template/spec/containers/0/image";
    private static final String PARTITION = "/spec/updateStrategy/rollingUpdate/partition";

    private final String name;
    private final Predicate<String> becomesReady;
    private final BiConsumer<String, String> replaced;
    private final Supplier<Instant> now;
    private final List<Pod> pods = new ArrayList<>();
    private final ObjectNode document = JSON.createObjectNode();
    private String settled;

    private record Pod(String image, boolean ready, Instant created) {}

    /**
     * A set whose pods are ready.
     *
     * @param becomesReady whether a pod with an image becomes ready
     * @param replaced     hears of each pod that is made anew, and its image
     */
    StatefulSetStandIn(
            String name, int replicas, String image, Predicate<String> becomesReady,
            BiConsumer<String, String> replaced,
            Supplier<Instant> now) {
        this.name = name;
        this.becomesReady = becomesReady;
        this.replaced = replaced;
        this.now = now;
        settled = image;
        document.put("apiVersion", "apps/v1").put("kind", "StatefulSet");
        document.putObject("metadata").put("name", name).put("generation", 1);
        ObjectNode spec = document.putObject("spec").put("replicas", replicas);
        ObjectNode pod = spec.putObject("template").putObject("spec");
        pod.putArray("initContainers").addObject().put("name", "volume").put("image", image);
        pod.putArray("containers").addObject().put("name", name).put("image", image);
        for (int i = 0; i < replicas; i++) {
            pods.add(new Pod(image, true, now.get()));
        }
    }

    /** The set as the API shows it, after one more step. */
    synchronized ObjectNode shown() {
        step();
        ObjectNode status = document.putObject("status");
        status.put("observedGeneration", document.at("/metadata/generation").asInt());
        status.put("updatedReplicas", pods.stream().filter(pod -> pod.image().equals(template())).count());
        status.put("readyReplicas", pods.stream().filter(Pod::ready).count());
        return document.deepCopy();
    }

    private void step() {
        if (!pods.stream().allMatch(Pod::ready)) {
            return;
        }
        int partition = document.at(PARTITION).asInt(0);
        for (int i = pods.size() - 1; i >= partition; i--) {
            if (!pods.get(i).image().equals(template())) {
                replace(i, template());
                return;
            }
        }
        if (partition == 0) {
            settled = template();
        }
    }

    private void replace(int number, String image) {
        pods.set(number, new Pod(image, becomesReady.test(image), now.get()));
        replaced.accept(name + "-" + number, image);
    }

    private String template() {
        return document.at(TEMPLATE).asText();
    }

    /** A JSON patch as RFC 6902 has it. */
    synchronized ObjectNode patch(JsonNode changes) {
        for (JsonNode change : changes) {
            String path = change.get("path").asText();
            int last = path.lastIndexOf('/');
            var parent = document.at(path.substring(0, last));
            String key = path.substring(last + 1).replace("~1", "/").replace("~0", "~");
            if (parent.isMissingNode() || !change.get("op").asText().equals("add") && !parent.has(key)) {
                throw new IllegalArgumentException("there is no " + path);
            }
            if (change.get("op").asText().equals("remove")) {
                ((ObjectNode) parent).remove(key);
            } else if (parent instanceof ArrayNode array) {
                array.set(Integer.parseInt(key), change.get("value"));
            } else {
                ((ObjectNode) parent).set(key, change.get("value"));
            }
        }
        var metadata = (ObjectNode) document.get("metadata");
        metadata.put("generation", metadata.get("generation").asInt() + 1);
        return document.deepCopy();
    }

    synchronized ObjectNode pod(int number) {
        Pod pod = pods.get(number);
        ObjectNode shown = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        shown.putObject("metadata").put("name", name + "-" + number)
                .put("creationTimestamp", pod.created().truncatedTo(ChronoUnit.SECONDS).toString());
        ObjectNode status = shown.putObject("status");
        status.putArray("conditions").addObject().put("type", "Ready").put("status", pod.ready() ? "True" : "False");
        status.putArray("containerStatuses").addObject().put("name", name).put("restartCount", 0);
        return shown;
    }

    /** The pod comes back, with the image that its number has. */
    synchronized void delete(int number) {
        replace(number, number >= document.at(PARTITION).asInt(0) ? template() : settled);
    }

    synchronized String imageOf(int number) {
        return pods.get(number).image();
    }

    synchronized Instant createdOf(int number) {
        return pods.get(number).created();
    }

    synchronized List<String> images() {
        return pods.stream().map(Pod::image).toList();
    }

    synchronized JsonNode annotations() {
        return document.at("/metadata/annotations");
    }
}
