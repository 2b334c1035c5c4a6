package io.waybill.devstack.servers.s3;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks into the causes of a failure. */
final class Causes {
    private static final int DEEPEST = 20;

    private Causes() {}

    /** The first of a type, the failure itself included. */
    static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
