package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of a delivery.
 *
 * @param path             at the destination
 * @param sha256           64 hexadecimal digits; null if only a person says that the file was delivered
 * @param proof            NONE, SIZE, CHECKSUM or READBACK
 * @param destinationClass A, B, C or D
 * @param durationMillis   of the attempt that delivered it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReceiptAnswer(
        String path,
        long bytes,
        @Nullable String sha256,
        String proof,
        String destinationClass,
        long durationMillis) {
    public ReceiptAnswer {
        requireNonNull(path, "path");
        requireNonNull(proof, "proof");
        requireNonNull(destinationClass, "destinationClass");
    }
}
