package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that have an object, and answer as if it had been replaced. */
final class ContradictingStoreTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    private final List<String> preconditions = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ObjectReader reader;
    private boolean refusesPreconditions;
    private String etagOfHead = "abc";
    private String etagOfGet = "abc";

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

    @Test
    void shouldReadWhatTheStoreStillHasThoughItsPreconditionFails() throws Exception {
        refusesPreconditions = true;

        try (InputStream content = reader.open(object("abc"))) {
            assertThat(content.readAllBytes()).isEqualTo(CONTENT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotSayThatAnObjectWasReplacedWhereTheStoreContradictsItself(boolean refuses) {
        refusesPreconditions = refuses;
        etagOfGet = "of-the-parts-2";

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object("abc")))
                .withMessageContainingAll("contradicts itself", "ETag abc", "of-the-parts-2")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayThatAnObjectWasReplacedWhereItWas(boolean refuses) {
        refusesPreconditions = refuses;
        etagOfHead = "newer";
        etagOfGet = "newer";

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object("abc")))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SUPERSEDED));
    }

    @Test
    void shouldAskForAnObjectWhoseEtagWasToldAsWeak() throws Exception {
        reader.open(object("W/abc")).close();

        assertThat(preconditions).containsExactly("\"abc\"");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String precondition = exchange.getRequestHeaders().getFirst("If-Match");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("ETag", "\"" + (head ? etagOfHead : etagOfGet) + "\"");
        if (precondition != null) {
            preconditions.add(precondition);
        }
        if (head) {
            exchange.sendResponseHeaders(200, -1);
        } else if (precondition != null && refusesPreconditions) {
            exchange.sendResponseHeaders(412, -1);
        } else {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        }
        exchange.close();
    }

    private static SourceObject object(String etag) {
        return new SourceObject("outbound", "a.csv", null, etag, CONTENT.length, Instant.EPOCH);
    }
}
