package io.waybill.deploy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads resources into the types that operators and clients of Kubernetes have for them. These types keep a field that they do not
 * know in a map and say nothing. So this walks through all objects and looks into these maps. It also writes the objects again and
 * compares: a field that was dropped or taken for something else is a fault, too.
 */
final class ResourceTypes {
    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("apps/v1 StatefulSet", StatefulSet.class),
            Map.entry("batch/v1 Job", Job.class),
            Map.entry("kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class),
            Map.entry("kafka.strimzi.io/v1 KafkaUser", KafkaUser.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
            Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Namespace", Namespace.class),
            Map.entry("v1 Secret", Secret.class),
            Map.entry("v1 Service", Service.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class));

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private ResourceTypes() {}

    /** Whether there is a type of this resource here. */
    static boolean knows(Resource resource) {
        return TYPES.containsKey(type(resource));
    }

    private static String type(Resource resource) {
        return Tree.text(resource.content(), "apiVersion") + " " + resource.kind();
    }

    /** What is wrong with a resource; empty if nothing is. */
    static List<String> faults(Resource resource) {
        Class<?> type = TYPES.get(type(resource));
        if (type == null) {
            return List.of(resource.id() + ": no type is known for " + type(resource));
        }
        try {
            Object typed = JSON.convertValue(resource.content(), type);
            Set<String> unknown = new TreeSet<>();
            walk(typed, resource.id(), unknown);
            compare(resource.content(), JSON.convertValue(typed, new TypeReference<Map<String, Object>>() {}),
                    resource.id(),
                    unknown);
            return List.copyOf(unknown);
        } catch (IllegalArgumentException e) {
            return List.of(resource.id() + ": " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static void walk(Object value, String path, Set<String> unknown) {
        switch (value) {
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    walk(list.get(i), path + "[" + i + "]", unknown);
                }
            }
            case Map<?, ?> map -> map.forEach((key, one) -> walk(one, path + "." + key, unknown));
            case Object typed when isModel(typed) -> fields(typed, path, unknown);
            case null, default -> {
                // A text, a number.
            }
        }
    }

    private static boolean isModel(Object value) {
        String name = value.getClass().getName();
        return (name.startsWith("io.fabric8.") || name.startsWith("io.strimzi.")) && !value.getClass().isEnum();
    }

    private static void fields(Object typed, String path, Set<String> unknown) {
        for (Method method : typed.getClass().getMethods()) {
            if (method.getName().equals("getAdditionalProperties") && method.getParameterCount() == 0) {
                ((Map<?, ?>) call(method, typed))
                        .keySet().forEach(key -> unknown.add(path + "." + key + ": no such field"));
            } else if (isField(method)) {
                String name = method.getName().substring(3);
                walk(call(method, typed), path + "." + name.substring(0, 1).toLowerCase(Locale.ROOT)
                        + name.substring(1), unknown);
            }
        }
    }

    private static boolean isField(Method method) {
        return method.getName().startsWith("get") && method.getName().length() > 3 && method.getParameterCount() == 0
                && (List.class.isAssignableFrom(method.getReturnType())
                        || Map.class.isAssignableFrom(method.getReturnType())
                        || method.getReturnType().getName().startsWith("io."));
    }

    private static Object call(Method method, Object typed) {
        try {
            return method.invoke(typed);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method + " of " + typed.getClass(), e);
        }
    }

    /** Whether all that was written is still there. What was not written may have become a default. */
    private static void compare(Object written, Object kept, String path, Set<String> faults) {
        switch (written) {
            case Map<?, ?> map when kept instanceof Map<?, ?> other ->
                map.forEach((key, value) -> compare(value, other.get(key), path + "." + key, faults));
            case List<?> list when kept instanceof List<?> other && list.size() == other.size() -> {
                for (int i = 0; i < list.size(); i++) {
                    compare(list.get(i), other.get(i), path + "[" + i + "]", faults);
                }
            }
            // A field that was left empty means the same as none.
            case List<?> list when list.isEmpty() && kept == null -> {}
            case Map<?, ?> map when map.isEmpty() && kept == null -> {}
            case null -> {}
            default -> {
                if (!String.valueOf(written).equals(String.valueOf(kept))) {
                    faults.add(path + ": " + written + " was read as " + kept);
                }
            }
        }
    }
}
