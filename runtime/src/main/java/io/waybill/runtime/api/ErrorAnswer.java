package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a request was not done.
 *
 * @param error  the fault and the expectation, for people
 * @param status of the file, if the status is the objection; else null
 * @param by     the worker or importer that has the file, if that is the objection; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErrorAnswer(String error, @Nullable String status, @Nullable String by) {
    public ErrorAnswer {
        requireNonNull(error, "error");
    }

    public static ErrorAnswer of(String error) {
        return new ErrorAnswer(error, null, null);
    }
}
