package io.waybill.testkit.kube.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** One document of the rendered manifests. */
public record Resource(JsonNode json) {
    public String kind() {
        return json.path("kind").asText();
    }

    public String name() {
        return json.at("/metadata/name").asText();
    }

    /** Of a resource without one: {@code default}. */
    public String namespace() {
        return json.at("/metadata/namespace").asText("default");
    }

    /** What a JSON pointer leads to; a missing node if nothing is there. */
    public JsonNode at(String pointer) {
        return json.at(pointer);
    }

    /** The texts below a pointer, by their keys. */
    public Map<String, String> texts(String pointer) {
        return texts(json.at(pointer));
    }

    /** The texts of an object, by their keys. */
    public static Map<String, String> texts(JsonNode object) {
        var texts = new TreeMap<String, String>();
        object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    /** What a value of a Secret stands for. Its Base64 may be broken into lines, as kubectl breaks long values. */
    public static byte[] decoded(String value) {
        return Base64.getDecoder().decode(value.replaceAll("[\r\n]", "").strip());
    }

    /**
     * Whether a selector of this resource takes labels.
     *
     * @param pointer to a selector with {@code matchLabels}, or to a plain map of labels
     */
    public boolean selects(String pointer, Map<String, String> labels) {
        JsonNode selector = json.at(pointer);
        if (selector.has("matchExpressions")) {
            throw new IllegalArgumentException(
                    kind() + " " + name() + " has matchExpressions, which nobody here plays");
        }
        var wanted = texts(selector.has("matchLabels") ? selector.path("matchLabels") : selector);
        return !wanted.isEmpty() && labels.entrySet().containsAll(wanted.entrySet());
    }
}
