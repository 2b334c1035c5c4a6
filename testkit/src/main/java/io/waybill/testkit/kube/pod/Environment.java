package io.waybill.testkit.kube.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.testkit.kube.manifest.Manifests;
import io.waybill.testkit.kube.manifest.Resource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of a container, as its manifest writes them. */
final class Environment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

    private final Manifests manifests;
    private final Map<String, String> fields;
    private final Map<String, String> variables;

    private Environment(Manifests manifests, Map<String, String> fields, Map<String, String> variables) {
        this.manifests = manifests;
        this.fields = fields;
        this.variables = variables;
    }

    /**
     * @param fields what {@code fieldRef} may name
     * @param before of the image, and of the Services
     */
    static Map<String, String> of(
            JsonNode container, Manifests manifests, Map<String, String> fields, Map<String, String> before) {
        var environment = new Environment(manifests, fields, new LinkedHashMap<>(before));
        container.path("envFrom").forEach(environment::addAll);
        container.path("env").forEach(environment::add);
        return environment.variables;
    }

    private void addAll(JsonNode from) {
        String prefix = from.path("prefix").asText("");
        for (String kind : new String[] {"ConfigMap", "Secret"}) {
            JsonNode reference = from.path(kind.equals("Secret") ? "secretRef" : "configMapRef");
            if (reference.has("name")) {
                contents(manifests, kind, reference).forEach(
                        (key, value) -> variables.put(prefix + key, new String(value, StandardCharsets.UTF_8)));
            }
        }
    }

    private void add(JsonNode entry) {
        String name = entry.path("name").asText();
        JsonNode from = entry.path("valueFrom");
        if (from.has("fieldRef")) {
            variables.put(name, field(from.at("/fieldRef/fieldPath").asText()));
        } else if (from.has("secretKeyRef")) {
            addKey(name, "Secret", from.path("secretKeyRef"));
        } else if (from.has("configMapKeyRef")) {
            addKey(name, "ConfigMap", from.path("configMapKeyRef"));
        } else if (from.isMissingNode()) {
            variables.put(name, expand(entry.path("value").asText(""), variables));
        } else {
            throw new IllegalArgumentException("nobody here plays the source of the variable " + name + ": " + from);
        }
    }

    private void addKey(String name, String kind, JsonNode reference) {
        byte[] value = contents(manifests, kind, reference).get(reference.path("key").asText());
        if (value != null) {
            variables.put(name, new String(value, StandardCharsets.UTF_8));
        } else if (!reference.path("optional").asBoolean()) {
            throw new IllegalArgumentException(
                    "the " + kind + " " + reference.path("name").asText() + " has no key " + reference.path("key"));
        }
    }

    private String field(String path) {
        String value = fields.get(path);
        if (value == null) {
            throw new IllegalArgumentException("nobody here knows the field " + path + " of a pod");
        }
        return value;
    }

    /** The contents of a ConfigMap or Secret; none if it is not there and need not be. */
    static Map<String, byte[]> contents(Manifests manifests, String kind, JsonNode reference) {
        String name = reference.path("name").asText(reference.path("secretName").asText());
        if (reference.path("optional").asBoolean() && manifests.find(kind, name).isEmpty()) {
            return Map.of();
        }
        Resource resource = manifests.get(kind, name);
        var contents = new TreeMap<String, byte[]>();
        boolean secret = kind.equals("Secret");
        resource.texts("/data").forEach((key, value) -> contents.put(
                key, secret ? Resource.decoded(value) : value.getBytes(StandardCharsets.UTF_8)));
        resource.texts("/stringData")
                .forEach((key, value) -> contents.put(key, value.getBytes(StandardCharsets.UTF_8)));
        resource.texts("/binaryData").forEach((key, value) -> contents.put(key, Resource.decoded(value)));
        return contents;
    }

    /** Replaces {@code $(NAME)}; a name that is not known stays, and {@code $$} is a dollar. */
    static String expand(String text, Map<String, String> variables) {
        var expanded = new StringBuilder();
        for (String part : text.split(Pattern.quote("$$"), -1)) {
            Matcher references = REFERENCE.matcher(part);
            expanded.append(expanded.isEmpty() ? "" : "$").append(references.replaceAll(reference -> Matcher
                    .quoteReplacement(variables.getOrDefault(reference.group(1), reference.group()))));
        }
        return expanded.toString();
    }
}
