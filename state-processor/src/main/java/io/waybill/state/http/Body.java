package io.waybill.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.waybill.domain.FileEvent;
import io.waybill.domain.Texts;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The JSON object of a request. If a part of it cannot be read, the answer is a 400 that says what was expected. */
final class Body {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int LONGEST_TEXT = 1_000;

    private final JsonNode json;

    private Body(JsonNode json) {
        this.json = json;
    }

    /**
     * Reads the body of a request.
     *
     * @param known the fields that the body may have
     */
    static Body of(Context http, List<String> known) {
        // A page of another site can make a browser send a form to this address, but not with this content type.
        String type = http.contentType();
        if (type == null || !type.startsWith("application/json")) {
            throw ApiException.notJson();
        }
        return checked(parsed(http.body()), known);
    }

    /** The fields of a body, in the order in which its record names them. */
    static List<String> fields(Class<? extends Record> body) {
        return Arrays.stream(body.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private static Body checked(JsonNode json, List<String> known) {
        var unknown = new TreeSet<String>();
        json.fieldNames().forEachRemaining(unknown::add);
        known.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw ApiException.badRequest(
                    "unknown field " + String.join(", ", unknown) + "; known are " + String.join(", ", known));
        }
        return new Body(json);
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("the body is no JSON: " + e.getOriginalMessage());
        }
        throw ApiException.badRequest("the body must be a JSON object");
    }

    /** The name of the person or program that asks. */
    String by() {
        return text("by", FileEvent.LONGEST_BY);
    }

    /** The reason, for people. */
    String reason() {
        return text("reason", FileEvent.LONGEST_REASON);
    }

    /** A required text that is not blank. */
    String text(String field) {
        return text(field, LONGEST_TEXT);
    }

    private String text(String field, int longest) {
        return optionalText(field, longest).orElseThrow(() -> ApiException.badRequest(field + " is missing"));
    }

    Optional<String> optionalText(String field) {
        return optionalText(field, LONGEST_TEXT);
    }

    /**
     * An optional text.
     *
     * @param longest the most characters; the domain would cut a longer text, so it is refused here, where the sender
     *                learns of it
     */
    Optional<String> optionalText(String field, int longest) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.asText().isBlank()) {
            throw ApiException.badRequest(
                    field + ": expected a text of 1 to " + longest + " characters, was " + brief(value));
        }
        if (value.asText().length() > longest) {
            throw ApiException.badRequest(field + ": expected a text of 1 to " + longest + " characters, was one of "
                    + value.asText().length() + ": " + brief(value));
        }
        return Optional.of(value.asText());
    }

    /** Refuses fields that another one of this body stands for. */
    void requireAbsent(List<String> fields, String why) {
        for (String field : fields) {
            if (json.has(field)) {
                throw ApiException.badRequest(field + ": leave it out, since " + why);
            }
        }
    }

    /** A JSON object within this one. */
    Body object(String field, List<String> known) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            throw ApiException.badRequest(field + " is missing; expected a JSON object");
        }
        if (!value.isObject()) {
            throw ApiException.badRequest(field + ": expected a JSON object, was " + brief(value));
        }
        return checked(value, known);
    }

    /** A flag; false if the field is missing. */
    boolean flag(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw ApiException.badRequest(field + ": expected true or false, was " + brief(value));
        }
        return value.asBoolean();
    }

    /** A number from 1 to the largest. */
    Optional<Integer> count(String field, int largest) {
        Optional<Integer> count = count(field);
        if (count.isPresent() && count.get() > largest) {
            throw ApiException.badRequest(
                    field + ": expected a whole number from 1 to " + largest + ", was " + count.get());
        }
        return count;
    }

    /** A number from 1. */
    Optional<Integer> count(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.asInt() < 1) {
            throw ApiException.badRequest(field + ": expected a whole number of 1 or more, was " + brief(value));
        }
        return Optional.of(value.asInt());
    }

    private static String brief(JsonNode value) {
        return Texts.cut(value.toString(), 60);
    }
}
