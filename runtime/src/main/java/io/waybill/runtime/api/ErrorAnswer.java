package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not done.
 *
 * @param error  what is wrong and what was expected, for people
 * @param status of the file, where that is what speaks against it; else null
 * @param by     who has the file, where that is what speaks against it; else null
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
