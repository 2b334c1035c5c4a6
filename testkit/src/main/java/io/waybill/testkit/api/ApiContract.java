package io.waybill.testkit.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds requests and answers against an OpenAPI 3.1 document. What is served must be described, and what is refused must
 * be described as refused: a 400 is one that the document does not allow, and all that is not a 400 it allows.
 *
 * <p>Safe for several threads.
 */
public final class ApiContract {
    /** A filter with a name of nothing: no schema knows which names are configured. */
    private static final Pattern UNKNOWN_NAME =
            Pattern.compile("no (route|destination) of the name '.*' is configured, and no file is of it");

    private final OpenApi api;
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    /**
     * A contract of which nothing is seen yet.
     *
     * @param yaml the document
     */
    public ApiContract(String yaml) {
        api = new OpenApi(yaml);
    }

    /** The one that the state-processor ships, which must be on the class path. */
    public static ApiContract shipped() {
        try (InputStream document = ApiContract.class.getResourceAsStream("/io/waybill/state/http/openapi.yaml")) {
            if (document == null) {
                throw new IllegalStateException("the state-processor is not on the class path");
            }
            return new ApiContract(new String(document.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One operation of the document. */
    private record Operation(String method, String path, JsonNode item, JsonNode node) {
        String name() {
            return method + " " + path;
        }

        boolean matches(Exchange exchange) {
            String pattern = Stream.of(path.split("/", -1))
                    .map(segment -> segment.startsWith("{") ? "[^/]+" : Pattern.quote(segment))
                    .collect(Collectors.joining("/"));
            return method.equals(exchange.method()) && exchange.address().getRawPath().matches(pattern);
        }
    }

    private List<Operation> all() {
        return api.root().path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(method -> !method.getKey().equals("parameters"))
                        .map(method -> new Operation(
                                method.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                path.getValue(),
                                method.getValue())))
                .toList();
    }

    /** Every operation of the document, such as "GET /v1/files/{id}". */
    public Set<String> operations() {
        return all().stream().map(Operation::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every status of every operation of the document, such as "GET /v1/files/{id} 404". */
    public Set<String> answers() {
        return all().stream()
                .flatMap(operation -> operation.node().path("responses").properties().stream()
                        .map(response -> operation.name() + " " + response.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The parameters in the query of each operation, such as "GET /v1/flow" and "minutes". */
    public Map<String, Set<String>> queries() {
        return all().stream().collect(Collectors.toMap(
                Operation::name,
                operation -> parameters(operation).stream()
                        .filter(parameter -> parameter.path("in").asText().equals("query"))
                        .map(parameter -> parameter.path("name").asText())
                        .collect(Collectors.toCollection(TreeSet::new))));
    }

    /** Those of {@link #answers()} that were checked. */
    public Set<String> seen() {
        return Set.copyOf(seen);
    }

    /** The values that a schema of the document lists. */
    public List<String> constants(String schema) {
        List<String> constants = new ArrayList<>();
        api.root().at("/components/schemas/" + schema + "/enum").forEach(value -> constants.add(value.asText()));
        return constants;
    }

    /** Throws an AssertionError if the document does not allow it. */
    public void check(Exchange exchange) {
        Operation operation = all().stream()
                .filter(one -> one.matches(exchange))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the document has no such operation: " + exchange));
        seen.add(operation.name() + " " + exchange.status());
        List<String> faults = new ArrayList<>(answer(operation, exchange));
        List<String> request = request(operation, exchange);
        switch (exchange.status()) {
            case 400 -> {
                if (request.isEmpty() && !UNKNOWN_NAME.matcher(exchange.answer()).find()) {
                    faults.add("the request is refused, and the document allows it");
                }
            }
            case 401, 413 -> {
                // Nobody has read the request.
            }
            case 415 -> {
                if (body(operation, exchange).isPresent()) {
                    faults.add("the Content-Type is refused, and the document allows it");
                }
            }
            default -> faults.addAll(request);
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults) + "\n" + exchange);
        }
    }

    private List<String> answer(Operation operation, Exchange exchange) {
        JsonNode response =
                api.resolved(operation.node().path("responses"), String.valueOf(exchange.status()));
        if (response.isMissingNode()) {
            return List.of("the document has no such answer");
        }
        JsonNode content = response.path("content");
        return Optional.ofNullable(exchange.answerType())
                .flatMap(type -> OpenApi.mediaType(content, type))
                .map(media -> content.has("application/json")
                        ? api.answerFaults(media.path("schema"), exchange.answer())
                        : List.<String>of())
                .orElseGet(() -> List.of("the document has no such Content-Type of the answer"));
    }

    private List<String> request(Operation operation, Exchange exchange) {
        List<String> faults = new ArrayList<>(parameters(operation, exchange));
        if (operation.node().has("requestBody")) {
            body(operation, exchange)
                    .ifPresentOrElse(
                            media -> faults.addAll(api.faults(media.path("schema"), exchange.request())),
                            () -> faults.add("the document has no such Content-Type of the request"));
        }
        return faults;
    }

    private Optional<JsonNode> body(Operation operation, Exchange exchange) {
        JsonNode content = api.resolved(operation.node(), "requestBody").path("content");
        return Optional.ofNullable(exchange.requestType()).flatMap(type -> OpenApi.mediaType(content, type));
    }

    private List<JsonNode> parameters(Operation operation) {
        List<JsonNode> known = new ArrayList<>();
        operation.item().path("parameters").forEach(parameter -> known.add(api.resolved(parameter)));
        operation.node().path("parameters").forEach(parameter -> known.add(api.resolved(parameter)));
        return known;
    }

    private List<String> parameters(Operation operation, Exchange exchange) {
        List<JsonNode> known = parameters(operation);
        List<String> faults = new ArrayList<>();
        String[] names = operation.path().split("/", -1);
        String[] values = exchange.address().getRawPath().split("/", -1);
        for (int i = 0; i < names.length; i++) {
            if (names[i].startsWith("{")) {
                faults.addAll(parameter(known, "path", names[i].substring(1, names[i].length() - 1), values[i]));
            }
        }
        @Nullable String query = exchange.address().getRawQuery();
        Set<String> given = new HashSet<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (!given.add(parts[0])) {
                faults.add("the parameter " + parts[0] + " is given more than once");
            }
            faults.addAll(parameter(known, "query", parts[0], parts.length == 2 ? parts[1] : ""));
        }
        known.stream()
                .filter(parameter -> parameter.path("in").asText().equals("query")
                        && parameter.path("required").asBoolean()
                        && !given.contains(parameter.path("name").asText()))
                .forEach(parameter -> faults.add("the parameter " + parameter.path("name").asText() + " is missing"));
        return faults;
    }

    private List<String> parameter(List<JsonNode> known, String in, String name, String raw) {
        String value = URLDecoder.decode(raw, StandardCharsets.UTF_8);
        return known.stream()
                .filter(parameter -> parameter.path("in").asText().equals(in)
                        && parameter.path("name").asText().equals(name))
                .findFirst()
                .map(parameter -> value.isEmpty() && parameter.path("allowEmptyValue").asBoolean()
                        ? List.<String>of()
                        : api.faults(parameter.path("schema"), json(parameter.path("schema"), value)))
                .orElseGet(() -> List.of("the document has no parameter " + name));
    }

    /** The text of a parameter as what its schema asks for. */
    private static String json(JsonNode schema, String text) {
        return switch (schema.path("type").asText()) {
            case "integer" -> text.matches("-?[0-9]+") ? text : quoted(text);
            case "array" ->
                Stream.of(text.split(",", -1)).map(ApiContract::quoted).collect(Collectors.joining(",", "[", "]"));
            default -> quoted(text);
        };
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    /** What is wrong with the document's own examples, and how many there are. */
    public Examples examples() {
        List<String> faults = new ArrayList<>();
        int[] count = {0};
        visit(api.root(), "", (where, example, schema) -> {
            count[0]++;
            api.answerFaults(schema, example.toString()).forEach(fault -> faults.add(where + ": " + fault));
        });
        return new Examples(count[0], faults);
    }

    /** The examples of a document. */
    public record Examples(int count, List<String> faults) {}

    @FunctionalInterface
    private interface ExampleVisitor {
        void visit(String where, JsonNode example, JsonNode schema);
    }

    /** Media types and parameters: whatever has both a schema and examples. */
    private void visit(JsonNode node, String where, ExampleVisitor visitor) {
        if (node.path("schema").isObject()) {
            node.path("examples").properties().forEach(example -> visitor.visit(
                    where + "/" + example.getKey(),
                    api.resolved(example.getValue()).path("value"),
                    node.path("schema")));
            if (node.has("example")) {
                visitor.visit(where, node.path("example"), node.path("schema"));
            }
        }
        node.properties().forEach(field -> visit(field.getValue(), where + "/" + field.getKey(), visitor));
        if (node.isArray()) {
            node.forEach(item -> visit(item, where, visitor));
        }
    }
}
