package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.waybill.runtime.text.Reasons;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an issuer may answer that is broken, or no issuer at all. */
@Timeout(60)
final class IssuerRetrieverTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private URL answering(HttpHandler handler) throws IOException {
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys").toURL();
    }

    private static String failure(URL address, Duration patience) {
        IOException failure = catchThrowableOfType(
                IOException.class, () -> new IssuerRetriever(patience).retrieveResource(address));
        assertThat(failure).isNotNull();
        return Reasons.of(failure);
    }

    /** Each byte comes in time, and the last one never does. */
    @Test
    void shouldNotWaitForAnIssuerThatSendsByteAfterByte() throws Exception {
        URL address = answering(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (!threads.isShutdown()) {
                body.write(' ');
                body.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        });
        assertThat(failure(address, Duration.ofSeconds(1))).isEqualTo("no answer in time");
    }

    @Test
    void shouldTakeNoEndlessAnswer() throws Exception {
        URL address = answering(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = new byte[65_536];
            while (!threads.isShutdown()) {
                exchange.getResponseBody().write(some);
            }
        });
        assertThat(failure(address, Duration.ofSeconds(30))).isNotEqualTo("no answer in time");
    }

    @Test
    void shouldSayWhatItAnswersInstead() throws Exception {
        URL address = answering(exchange -> exchange.sendResponseHeaders(503, -1));
        assertThat(failure(address, IssuerRetriever.PATIENCE)).isEqualTo("it answers 503");
    }
}
