package io.waybill.testkit.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An OpenAPI 3.1 document that refers to nothing but itself, and its schemas. Safe for several threads. */
final class OpenApi {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The validator reads with a Jackson of its own, so it is given texts. */
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi31(),
            registry -> registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final JsonNode root;
    private final JsonNode closedSchemas;
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    OpenApi(String yaml) {
        root = JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
        closedSchemas = closed(root.at("/components/schemas"));
    }

    JsonNode root() {
        return root;
    }

    /** The node, or what it refers to; not for schemas, whose references the validator follows. */
    JsonNode resolved(JsonNode node) {
        JsonNode current = node;
        while (current.path("$ref").isTextual()) {
            current = root.at(current.path("$ref").asText().substring(1));
        }
        return current;
    }

    /** The same within an object. */
    JsonNode resolved(JsonNode node, String field) {
        return resolved(node.path(field));
    }

    /** The media type of a content map that a Content-Type names, whatever parameters it has. */
    static Optional<JsonNode> mediaType(JsonNode content, String contentType) {
        return Optional.ofNullable(content.get(contentType.split(";", 2)[0].strip()));
    }

    /** What is wrong with a request's JSON; empty if nothing is. */
    List<String> faults(JsonNode schema, String json) {
        return faults(schema, root.at("/components/schemas"), json);
    }

    /** What is wrong with an answer's JSON, where a field that the document does not name is wrong too. */
    List<String> answerFaults(JsonNode schema, String json) {
        return faults(closed(schema), closedSchemas, json);
    }

    private List<String> faults(JsonNode schema, JsonNode schemas, String json) {
        try {
            if (JSON.readTree(json).isMissingNode()) {
                return List.of("no JSON: it is empty");
            }
        } catch (JsonProcessingException e) {
            return List.of("no JSON: " + e.getOriginalMessage());
        }
        ObjectNode standalone = schema.deepCopy();
        standalone.putObject("components").set("schemas", schemas);
        return compiled
                .computeIfAbsent(standalone.toString(), text -> REGISTRY.getSchema(text, InputFormat.JSON))
                .validate(json, InputFormat.JSON)
                .stream()
                .map(Objects::toString)
                .toList();
    }

    /**
     * A schema that allows no other fields than it names. The document leaves answers open, since later versions add
     * fields; those of this version are to be in it.
     */
    private static JsonNode closed(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        close(copy);
        return copy;
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(OpenApi::close);
    }
}
