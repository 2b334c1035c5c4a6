package io.waybill.testkit.kube.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What a pod is made of.
 *
 * @param metadata of the template: labels and annotations
 * @param spec     of the pod
 */
public record PodTemplate(JsonNode metadata, JsonNode spec) {
    private static final Set<String> NOT_PLAYED =
            Set.of("ephemeralContainers", "hostNetwork", "hostPID", "hostIPC", "hostAliases", "dnsConfig");

    public PodTemplate {
        for (String field : NOT_PLAYED) {
            if (spec.has(field)) {
                throw new IllegalArgumentException("nobody here plays " + field + " of a pod");
            }
        }
        if (spec.path("containers").size() != 1 || !spec.path("initContainers").isEmpty()) {
            throw new IllegalArgumentException("a pod here has one container, and none before it");
        }
        JsonNode container = spec.path("containers").path(0);
        if (container.has("lifecycle")) {
            throw new IllegalArgumentException("nobody here plays lifecycle of a container");
        }
        if (!container.at("/securityContext/readOnlyRootFilesystem").asBoolean()) {
            throw new IllegalArgumentException("a container here has a read-only root");
        }
    }

    /** A digest of everything, that differs when anything does. */
    public String revision() {
        return Integer.toHexString((metadata + "\n" + spec).hashCode());
    }

    public JsonNode container() {
        return spec.path("containers").path(0);
    }

    /** How long a pod may take to end. */
    public Duration grace() {
        return Duration.ofSeconds(spec.path("terminationGracePeriodSeconds").asInt(30));
    }

    public Map<String, String> labels() {
        return io.waybill.testkit.kube.manifest.Resource.texts(metadata.path("labels"));
    }

    /** Who runs the container. */
    int identity(Image image) {
        JsonNode own = container().at("/securityContext/runAsUser");
        JsonNode ofPod = spec.at("/securityContext/runAsUser");
        int identity = own.isNumber() ? own.asInt() : ofPod.asInt(image.uid());
        boolean notRoot = container().at("/securityContext/runAsNonRoot").asBoolean()
                || spec.at("/securityContext/runAsNonRoot").asBoolean();
        if (notRoot && identity == 0) {
            throw new IllegalArgumentException("the container must not run as root, and does");
        }
        return identity;
    }

    /** The number of a port, by which a probe or a Service may name it. */
    public int port(JsonNode nameOrNumber) {
        if (nameOrNumber.isNumber()) {
            return nameOrNumber.asInt();
        }
        for (JsonNode port : container().path("ports")) {
            if (port.path("name").asText().equals(nameOrNumber.asText())) {
                return port.path("containerPort").asInt();
            }
        }
        throw new IllegalArgumentException("no port of the container is named " + nameOrNumber);
    }
}
