package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Timeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What 'waybill route' says of an object is what happens to it. */
final class RoutingTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final Route ROUTE = new Route(
            new RouteName("invoices"),
            new SourceFilter("outbound", "in/", ".csv", 10, Set.of("Put"), Duration.ZERO),
            null,
            RetryPolicy.DEFAULT,
            Timeouts.DEFAULT,
            true,
            Route.DEFAULT_RETENTION);

    private final Routing routing = new Routing(List.of(ROUTE));

    @Test
    void shouldTakeJustTheObjectsThatNoRuleRefuses() {
        int taken = 0;
        for (String bucket : List.of("outbound", "inbound")) {
            for (String key : List.of("in/a.csv", "in/a.CSV", "In/a.csv", "in/", "in/.csv/", "a.csv", "in/.csv")) {
                for (String event : List.of("", "Put", "Copy")) {
                    for (long size : new long[] {0, 9, 10}) {
                        var object = new SourceObject(bucket, key, null, "e1", size, NOW);
                        boolean takes = ROUTE.source()
                                .refusal(bucket, key, event, OptionalLong.of(size))
                                .isEmpty();

                        assertThat(routing.of(object, event, false, NOW).contains(ROUTE))
                                .as("%s by '%s'", object, event)
                                .isEqualTo(takes);
                        taken += takes ? 1 : 0;
                    }
                }
            }
        }
        assertThat(taken).isEqualTo(4);
    }
}
