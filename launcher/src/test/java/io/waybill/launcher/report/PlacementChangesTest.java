package io.waybill.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.launcher.report.PlacementChanges.Move;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.explain.RouteExplainer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What would a new configuration have done with the files of last week? */
final class PlacementChangesTest {
    private static final String CLUSTER =
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            destinations:
              acme: { host: h, user: u, password: env:P, hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"] }
              bolt: { host: h, user: u, password: env:P, hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"] }
            routes:
            """;
    private static final String OLD = CLUSTER
            + """
              invoices: { source: { bucket: b, prefix: in/ }, deliver: { destination: acme, path: "/in/{name}" } }
              copies: { source: { bucket: b, prefix: in/ }, deliver: { destination: acme, path: "/copy/{name}" } }
            """;

    private static RouteExplainer explainer(String yaml) {
        return new RouteExplainer(WaybillConfig.parse(
                "test", yaml, new Overrides(Map.of(), Map.of("P", "secret")), List.of()));
    }

    private static PlacementChanges changes(String now) {
        var changes = new PlacementChanges(explainer(OLD), explainer(now));
        for (String key : List.of("in/a.csv", "in/b.csv", "in/c.txt")) {
            var object = new SourceObject("b", key, null, "e1", 42, Instant.EPOCH);
            changes.add(new RouteName("invoices"), object);
            changes.add(new RouteName("copies"), object);
        }
        return changes;
    }

    @Test
    void shouldFindNothingUnderTheSameConfiguration() {
        assertThat(changes(OLD).answer().looked()).isEqualTo(6);
        assertThat(changes(OLD).answer().moves()).isEmpty();
    }

    @Test
    void shouldCountWhatWouldGoElsewhere() {
        PlacementChanges changes = changes(CLUSTER
                + """
                  invoices: { source: { bucket: b, prefix: in/ }, deliver: { destination: bolt, path: "/in/{name}" } }
                  copies:
                    source: { bucket: b, prefix: in/, suffix: .csv }
                    deliver: { destination: acme, path: "/copies/{name}" }
                """);

        assertThat(changes.answer().moves())
                .extracting(Move::route, Move::change, Move::from, Move::to, Move::files)
                .containsExactlyInAnyOrder(
                        tuple("invoices", "DESTINATION", "acme", "bolt", 3L),
                        tuple("copies", "PATH", "acme", "acme", 2L),
                        tuple("copies", "NOT_TAKEN", "acme", "", 1L));
        assertThat(changes.answer().moves().getFirst().example())
                .startsWith("b/in/a.csv: acme:/in/a.csv (lane ")
                .contains(" -> bolt:/in/a.csv (lane ");
    }

    @Test
    void shouldCountAnObjectOnceForARouteThatTakesItNow() {
        PlacementChanges changes = changes(OLD
                + "  more: { source: { bucket: b }, import: { required: true } }\n");

        assertThat(changes.answer().moves())
                .extracting(Move::route, Move::change, Move::files)
                .containsExactly(tuple("more", "TAKEN", 3L));
    }
}
