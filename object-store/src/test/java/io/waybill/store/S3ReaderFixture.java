package io.waybill.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The SDK against a server that answers as stores do. */
abstract class S3ReaderFixture {
    final List<String> requests = new ArrayList<>();
    HttpServer server;
    ObjectReader reader;
    int status = 200;
    byte[] body = new byte[0];
    int promised;
    boolean chunked;
    boolean refusesMode;
    int illFor;
    int statusOfBucket = 200;
    final Map<String, String> headers = new HashMap<>(Map.of("ETag", "\"abc\""));
    Optional<String> encoding = Optional.empty();
    final Set<InetSocketAddress> connections = new HashSet<>();
    final CountDownLatch hungUp = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        reader = ObjectStore.reader(new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "eu-central-1",
                true,
                Optional.of(Secret.of("key")),
                Optional.of(Secret.of("secret"))));
    }

    @AfterEach
    void stop() {
        reader.close();
        server.stop(0);
    }

    void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " If-Match: "
                + exchange.getRequestHeaders().getFirst("If-Match")
                + (refusesMode && exchange.getRequestHeaders().containsKey("x-amz-checksum-mode") ? " ENABLED" : ""));
        connections.add(exchange.getRemoteAddress());
        encoding.ifPresent(name -> exchange.getResponseHeaders().set("Content-Encoding", name));
        boolean mode = exchange.getRequestHeaders().containsKey("x-amz-checksum-mode");
        headers.forEach((name, value) -> {
            if (mode || !name.startsWith("x-amz-checksum")) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        if (exchange.getRequestURI().getPath().equals("/outbound")) {
            exchange.sendResponseHeaders(statusOfBucket, -1);
            exchange.close();
            return;
        }
        int length = Math.max(promised, body.length);
        int code = mode && refusesMode ? 501 : mode && illFor-- > 0 ? 400 : status;
        exchange.sendResponseHeaders(code, chunked ? 0 : length == 0 ? -1 : length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
            while (promised == Integer.MAX_VALUE) {
                out.write(body);
            }
        } catch (IOException e) {
            hungUp.countDown();
        } finally {
            exchange.close();
        }
    }

    SourceObject object(@Nullable String version) {
        return new SourceObject("outbound", "a b+c.csv", version, "abc", Math.max(promised, body.length),
                Instant.EPOCH);
    }
}
