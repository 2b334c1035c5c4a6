package io.waybill.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One configured way from a bucket to a destination, to importers, or both.
 *
 * @param name           the route's name; part of the identity of its files
 * @param source         which objects it takes
 * @param delivery       how it delivers; null for a hosted drop, whose files only importers take
 * @param retry          how failed attempts are tried again
 * @param timeouts       how long a stage may stand still
 * @param importRequired whether an importer must report before the file is COMPLETED; true where there is no delivery
 * @param retention      how long a terminal file stays known, and so the horizon of de-duplication
 */
public record Route(
        RouteName name,
        SourceFilter source,
        @Nullable Delivery delivery,
        RetryPolicy retry,
        Timeouts timeouts,
        boolean importRequired,
        Duration retention) {
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(90);

    public Route {
        if (delivery == null && !importRequired) {
            throw new IllegalArgumentException("route '" + name + "' has neither a delivery nor an import");
        }
    }

    public Stage firstStage() {
        return delivery != null ? Stage.DELIVERY : Stage.IMPORT;
    }
}
