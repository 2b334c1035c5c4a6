package io.waybill.runtime.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Bodies as JSON texts. Safe for several threads. */
public final class ApiJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            // A later version adds fields. Readers of this version must not fail on them.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final JsonMapper EXACT = JsonMapper.builder().build();

    private ApiJson() {}

    /** The JSON of a record of this package. */
    public static String write(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("bodies are plain records", e);
        }
    }

    /**
     * Reads a body. Ignores fields that its record does not have.
     *
     * @throws JsonProcessingException if the text is no JSON, or lacks a field that every body of this type has
     */
    public static <T> T read(String json, Class<T> type) throws JsonProcessingException {
        return read(JSON, json, type);
    }

    /**
     * Reads a body that would mean something else without one of its fields, such as a filter.
     *
     * @throws JsonProcessingException as {@link #read}, and for a field that its record does not have
     */
    public static <T> T readExactly(String json, Class<T> type) throws JsonProcessingException {
        return read(EXACT, json, type);
    }

    private static <T> T read(JsonMapper mapper, String json, Class<T> type) throws JsonProcessingException {
        T body = mapper.readValue(json, type);
        if (body == null) {
            // "null" is JSON, and Jackson reads it as any type.
            throw MismatchedInputException.from(null, type, "the body is null");
        }
        return body;
    }
}
