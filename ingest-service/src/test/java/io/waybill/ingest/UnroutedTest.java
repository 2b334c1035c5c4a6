package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.domain.RouteName;
import io.waybill.ingest.Unrouted.Cause;
import io.waybill.ingest.Unrouted.Entry;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.UnroutedAnswer.UnroutedObject;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.http.HttpEndpoint;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectVersion;
import io.waybill.testkit.api.ApiContract;
import io.waybill.testkit.api.Exchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnroutedTest {
    private static final Instant FIRST = Instant.parse("2026-03-02T08:16:00Z");

    private final Unrouted unrouted = new Unrouted();

    @Test
    void shouldKeepTheNewestThousandOfEachCause() {
        unrouted.add(List.of(entry(0, Cause.GONE)));
        unrouted.add(IntStream.range(1, 2_000).mapToObj(i -> entry(i, Cause.NO_ROUTE)).toList());
        assertThat(unrouted.newest(Optional.empty(), 5_000).objects())
                .hasSize(1_001)
                .extracting(UnroutedObject::key)
                .startsWith("key-1999", "key-1998")
                .endsWith("key-1000", "key-0");
        assertThat(unrouted.newest(Optional.of(Cause.GONE), 10).objects())
                .extracting(UnroutedObject::key)
                .containsExactly("key-0");
    }

    /** An object that no route takes belongs to nobody whose routes are counted up. */
    @Test
    void shouldShowANarrowedCallerOnlyObjectsThatItsRoutesTake() {
        var routing = new Routing(List.of(Fixture.route("invoices", "invoices/"), Fixture.route("drop", "drop/")));
        var invoices = new Scope(Optional.of(Set.of(new RouteName("invoices"))), Optional.empty());
        unrouted.add(Stream.of("invoices/a", "drop/b", "other/c")
                .map(key -> new Entry(FIRST, Cause.DENIED, new ObjectVersion("outbound", key, null), "for a test"))
                .toList());

        assertThat(unrouted.newest(Optional.empty(), object -> routing.sees(invoices, object), 10).objects())
                .extracting(UnroutedObject::key)
                .containsExactly("invoices/a");
        assertThat(unrouted.newest(Optional.empty(), object -> routing.sees(Scope.ALL, object), 10).objects())
                .hasSize(3);
    }

    @Test
    void shouldTakeLittleMemoryWhateverANotificationHolds() {
        var events = NotificationReader
                .read(("{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\""
                        + "b".repeat(100_000) + "\"},\"object\":{\"key\":\"a\"}}}]}").getBytes(StandardCharsets.UTF_8));
        assertThat(events).singleElement().isInstanceOfSatisfying(
                ObjectEvent.Unreadable.class,
                entry -> assertThat(entry.fault()).contains("bucket name has 100000 bytes"));

        unrouted.add(
                List.of(Entry.of(FIRST, Cause.DENIED, new ObjectVersion("outbound", "a", null), "x".repeat(100_000))));
        assertThat(unrouted.newest(Optional.empty(), 1).objects())
                .singleElement()
                .satisfies(shown -> assertThat(shown.reason()).hasSizeLessThanOrEqualTo(1_000));
    }

    @Test
    void shouldShowOverHttpOfWhichObjectsNoFileCame() throws Exception {
        unrouted.add(List.of(entry(1, Cause.DENIED), entry(2, Cause.BAD_NAME)));
        HttpResponse<String> answer = get("/v1/unrouted?cause=DENIED&limit=10");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"bucket\":\"outbound\",\"key\":\"key-1\"", "\"reason\":\"for a test\"")
                .doesNotContain("key-2");
    }

    @Test
    void shouldShowTimesToTheMillisecondAsAllOfTheApiDoes() {
        Instant read = FIRST.plusNanos(284_510_651);
        unrouted.add(List.of(Entry.of(read, Cause.GONE, new ObjectVersion("outbound", "a", null), "for a test")));

        assertThat(unrouted.newest(Optional.empty(), 1).objects())
                .extracting(UnroutedObject::at)
                .containsExactly("2026-03-02T08:16:00.284Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cause=LOST", "limit=0", "limit=1001", "limit=many", "bucket=outbound"})
    void shouldSayWhatARequestMayAskFor(String query) throws Exception {
        HttpResponse<String> answer = get("/v1/unrouted?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"error\":\"");
    }

    @Test
    void shouldBeNamedWhereTheServerSaysWhatIsHere() throws Exception {
        assertThat(get("/").body()).contains("\"/v1/unrouted\"");
    }

    /** Asks the service, and holds the answer against the document of the API. */
    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        var contract = new ApiContract(Files.readString(Path.of("..", "docs", "openapi.yaml")));
        var service = new IngestService(new FakeCluster(), FakeCatalog::new, Fixture.parts(unrouted));
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (var endpoint = new HttpEndpoint(
                new HttpSettings("127.0.0.1", 0), Map::of, meters, List.of(service), ProcessClock.system());
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.start() + address)).build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            contract.check(new Exchange(
                    "GET",
                    request.uri(),
                    null,
                    "",
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(null),
                    answer.body()));
            return answer;
        }
    }

    private static Entry entry(int second, Cause cause) {
        return new Entry(
                FIRST.plusSeconds(second), cause, new ObjectVersion("outbound", "key-" + second, null), "for a test");
    }
}
