package io.waybill.benchmarks.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TroubledStoreTest {
    private static final Duration SLOWNESS = Duration.ofMillis(200);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer store;
    private TroubledStore front;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 10);
        store.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + new String(body, UTF_8));
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("store".getBytes(UTF_8));
            exchange.close();
        });
        store.start();
        front = new TroubledStore(0, store.getAddress().getPort(), SLOWNESS);
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        front.close();
        store.stop(0);
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(front.endpoint() + path)).build(), BodyHandlers.ofString());
    }

    @Test
    void shouldPassOnRequestsWithTheirBodies() throws Exception {
        var put = HttpRequest.newBuilder(URI.create(front.endpoint() + "/forbidden/a?x=1"))
                .PUT(BodyPublishers.ofString("content"))
                .build();
        assertThat(http.send(put, BodyHandlers.ofString()).body()).isEqualTo("store");
        assertThat(ask("/slow/a").body()).isEqualTo("store");
        assertThat(asked).containsExactly("PUT /forbidden/a?x=1 content", "GET /slow/a ");
    }

    @Test
    void shouldForbidOneBucketAndLeaveTheOthersAlone() throws Exception {
        front.trouble(true);
        assertThat(ask("/forbidden/a").statusCode()).isEqualTo(403);
        assertThat(ask("/forbidden?list-type=2").body()).contains("<Code>AccessDenied</Code>");
        assertThat(ask("/forbidden-not/a").statusCode()).isEqualTo(200);
        front.trouble(false);
        assertThat(ask("/forbidden/a").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTakeItsTimeForTheSlowBucket() throws Exception {
        front.trouble(true);
        long began = System.nanoTime(); // allow clock: what is tested is how long it takes
        assertThat(ask("/slow/a").statusCode()).isEqualTo(200);
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(SLOWNESS.toNanos()); // allow clock: see above
    }
}
