package io.waybill.testkit.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.testkit.kube.manifest.Resource;
import io.waybill.testkit.kube.plan.DeploymentPlan;
import io.waybill.testkit.kube.plan.Disruptions;
import io.waybill.testkit.kube.plan.PodState;
import io.waybill.testkit.kube.plan.StatefulSetPlan;
import io.waybill.testkit.kube.plan.Step;
import io.waybill.testkit.kube.pod.Pod;
import io.waybill.testkit.kube.pod.PodTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A StatefulSet or Deployment, and the pods that it has. Any thread. */
final class Workload {
    /** Makes a pod, and starts it. */
    interface PodFactory {
        Pod start(Pod.Identity identity, PodTemplate template) throws IOException;
    }

    private final Addresses addresses;
    private final Path claims;
    private final PodFactory factory;
    private final List<Pod> pods = new ArrayList<>();
    private Resource resource;
    private int replicas;
    private int restarts;
    private int made;

    Workload(Resource resource, Addresses addresses, Path claims, PodFactory factory) {
        this.resource = resource;
        this.addresses = addresses;
        this.claims = claims;
        this.factory = factory;
        replicas = resource.at("/spec/replicas").asInt(1);
    }

    /** Takes a changed manifest over. The number of pods stays, as with one that an autoscaler decides. */
    synchronized void apply(Resource changed) {
        resource = changed;
    }

    synchronized String name() {
        return resource.name();
    }

    synchronized String kind() {
        return resource.kind();
    }

    synchronized int replicas() {
        return replicas;
    }

    synchronized void scale(int wanted) {
        replicas = wanted;
    }

    /** As {@code kubectl rollout restart}: an annotation makes the template another one. */
    synchronized void restart() {
        restarts++;
    }

    /** Those that are not gone. */
    synchronized List<Pod> pods() {
        return List.copyOf(pods);
    }

    synchronized PodTemplate template() {
        JsonNode template = resource.at("/spec/template");
        JsonNode metadata = template.path("metadata");
        if (restarts > 0) {
            ObjectNode annotated = metadata.isObject() ? metadata.deepCopy() : JsonNodeFactory.instance.objectNode();
            annotated.withObject("/annotations").put("restarts", restarts);
            metadata = annotated;
        }
        return new PodTemplate(metadata, template.path("spec"));
    }

    /** Whether every pod is there, of the newest template and ready, and no other. */
    synchronized boolean isSettled() {
        String revision = template().revision();
        for (Pod pod : pods) {
            pod.fault().ifPresent(fault -> {
                throw new IllegalStateException("the pod " + pod.name() + " cannot run", fault);
            });
        }
        return pods.size() == replicas
                && pods.stream().allMatch(pod -> pod.isReady() && pod.template().revision().equals(revision));
    }

    /** Takes the next steps, if any. */
    synchronized void reconcile() throws IOException {
        pods.removeIf(pod -> pod.isGone() && pod.fault().isEmpty());
        for (Step step : next()) {
            switch (step) {
                case Step.Create(int ordinal) -> pods.add(factory.start(identity(ordinal), template()));
                case Step.Delete(String name) -> pods.stream()
                        .filter(pod -> pod.name().equals(name))
                        .forEach(Pod::delete);
            }
        }
    }

    private List<Step> next() {
        String revision = template().revision();
        List<PodState> states = pods.stream()
                .map(pod -> new PodState(
                        pod.name(),
                        pod.identity().ordinal(),
                        pod.template().revision(),
                        pod.isReady(),
                        pod.isTerminating(),
                        pod.created()))
                .toList();
        JsonNode spec = resource.at("/spec");
        if (isStateful()) {
            boolean parallel = spec.path("podManagementPolicy").asText().equals("Parallel");
            int partition = spec.at("/updateStrategy/rollingUpdate/partition").asInt(0);
            return new StatefulSetPlan(replicas, parallel, revision, partition).next(states);
        }
        JsonNode update = spec.at("/strategy/rollingUpdate");
        boolean recreate = spec.at("/strategy/type").asText().equals("Recreate");
        int surge = recreate ? 0 : share(update.path("maxSurge"), true);
        int unavailable = recreate ? replicas : share(update.path("maxUnavailable"), false);
        return new DeploymentPlan(replicas, revision, surge, unavailable).next(states, made);
    }

    private int share(JsonNode numberOrShare, boolean up) {
        return numberOrShare.isMissingNode()
                ? Disruptions.count(JsonNodeFactory.instance.textNode("25%"), replicas, up)
                : Disruptions.count(numberOrShare, replicas, up);
    }

    private boolean isStateful() {
        return resource.kind().equals("StatefulSet");
    }

    private Pod.Identity identity(int ordinal) {
        made++;
        String pod = isStateful() ? resource.name() + "-" + ordinal
                : resource.name() + "-" + Integer.toString(
                        0x10000 + ordinal * 7919 & 0xFFFFF, 36);
        var folders = new LinkedHashMap<String, Path>();
        for (JsonNode claim : resource.at("/spec/volumeClaimTemplates")) {
            String name = claim.at("/metadata/name").asText();
            folders.put(name, claims.resolve(name + "-" + pod));
        }
        String subdomain = resource.at("/spec/serviceName").asText("");
        return new Pod.Identity(pod, resource.namespace(), ordinal, addresses.next(), subdomain, Map.copyOf(folders));
    }
}
