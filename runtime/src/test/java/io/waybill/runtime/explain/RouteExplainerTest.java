package io.waybill.runtime.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.explain.ExplainAnswer.ExplainedRoute;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.explain.RouteExplainer.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where would this object go, and why not there? */
final class RouteExplainerTest {
    private static final WaybillConfig CONFIG = WaybillConfig.parse(
            "test",
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            destinations:
              acme: { host: h, user: u, password: env:P, hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"] }
            routes:
              invoices:
                source: { bucket: outbound, prefix: invoices/, suffix: .csv, minBytes: 10, events: [Put, Copy], settle: 30s }
                deliver: { destination: acme, path: "/in/{name}" }
              orders:
                source: { bucket: outbound, prefix: orders/, unchanged: skip }
                deliver: { destination: acme, path: "/orders/{relative}" }
              drop:
                source: { bucket: inbound }
                import: { required: true }
            """,
            new Overrides(Map.of(), Map.of("P", "secret")),
            List.of());

    private final RouteExplainer explainer = new RouteExplainer(CONFIG);

    private ExplainedRoute ask(String route, Question question) {
        return explainer.explain(question, Scope.ALL).routes().stream()
                .filter(one -> one.route().equals(route))
                .findFirst()
                .orElseThrow();
    }

    private static Question key(String key) {
        return new Question(key, Optional.empty(), OptionalLong.empty(), Optional.empty());
    }

    private static Question object(String bucket, String key, long size, String event) {
        return new Question(key, Optional.of(bucket), OptionalLong.of(size), Optional.of(event));
    }

    @Test
    void shouldSayWhereAnObjectGoes() {
        ExplainedRoute invoices = ask("invoices", object("outbound", "invoices/2026/a.csv", 10, "Put"));

        assertThat(invoices.takes()).isTrue();
        assertThat(invoices.destination()).isEqualTo("acme");
        assertThat(invoices.path()).isEqualTo("/in/a.csv");
        assertThat(invoices.lane()).isBetween(0, 63);
        assertThat(invoices.rule()).isNull();
        assertThat(invoices.conditions()).containsExactly("when nothing was written under the key for 30s");
    }

    @Test
    void shouldSayWhatWasNotAsked() {
        assertThat(ask("invoices", key("invoices/a.csv")).conditions()).containsExactly(
                "if the object has 10 bytes or more",
                "if the store says that it was written by Copy or Put",
                "when nothing was written under the key for 30s");
        assertThat(ask("orders", key("orders/a")).conditions()).containsExactly(
                "if its ETag or size differs from those of the version that was delivered before");
    }

    @Test
    void shouldNameTheFirstRuleThatSaysNo() {
        assertThat(ask("drop", object("outbound", "invoices/a.csv", 1, "Put")).reason())
                .isEqualTo("the route reads the bucket 'inbound'");
        assertThat(ask("orders", key("Orders/a")).reason())
                .isEqualTo("the key must begin with 'orders/'; only the case of letters differs");
        assertThat(ask("invoices", key("invoices/a.CSV")).reason())
                .isEqualTo("the key must end with '.csv'; only the case of letters differs");
        assertThat(ask("invoices", key("invoices/a.txt")).reason()).isEqualTo("the key must end with '.csv'");
        assertThat(ask("invoices", object("outbound", "invoices/a.csv", 9, "Put")).rule()).isEqualTo("MIN_BYTES");
        assertThat(ask("invoices", object("outbound", "invoices/a.csv", 10, "Post")).reason())
                .isEqualTo("the object must be written by Copy or Put");
    }

    @Test
    void shouldSayThatAFileWillFail() {
        ExplainedRoute orders = ask("orders", key("orders/.ssh/authorized_keys"));

        assertThat(orders.takes()).isTrue();
        assertThat(orders.rule()).isEqualTo("BAD_NAME");
        assertThat(orders.reason()).startsWith("its file ends FAILED as BAD_NAME: ").contains("authorized_keys");
        assertThat(orders.path()).isNull();
    }

    @Test
    void shouldShowNoRouteOutsideTheScope() {
        var drop = new Scope(Optional.of(Set.of(new RouteName("drop"))), Optional.empty());
        var acme = new Scope(Optional.empty(), Optional.of(Set.of(new DestinationName("acme"))));

        assertThat(explainer.explain(key("invoices/a.csv"), drop).routes())
                .extracting(ExplainedRoute::route)
                .containsExactly("drop");
        assertThat(explainer.explain(key("invoices/a.csv"), acme).routes())
                .extracting(ExplainedRoute::route)
                .containsExactly("invoices", "orders");
    }

    @Test
    void shouldLeaveOutWhatDoesNotApply() {
        assertThat(ApiJson.write(explainer.explain(
                key("a"), new Scope(Optional.of(Set.of(new RouteName("drop"))), Optional.empty()))))
                .isEqualTo("{\"key\":\"a\",\"routes\":[{\"route\":\"drop\",\"takes\":true,\"bucket\":\"inbound\","
                        + "\"conditions\":[]}]}");
    }
}
