package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that have an object, and answer as if it had been replaced. */
final class ContradictingStoreTest extends S3ReaderFixture {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    private final List<String> preconditions = new CopyOnWriteArrayList<>();
    private boolean refusesPreconditions;
    private String etagOfHead = "abc";
    private String etagOfGet = "abc";

    @Test
    void shouldReadWhatTheStoreStillHasThoughItsPreconditionFails() throws Exception {
        refusesPreconditions = true;

        try (InputStream content = reader.open(told("abc"))) {
            assertThat(content.readAllBytes()).isEqualTo(CONTENT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotSayThatAnObjectWasReplacedWhereTheStoreContradictsItself(boolean refuses) {
        refusesPreconditions = refuses;
        etagOfGet = "of-the-parts-2";

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(told("abc")))
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
                .isThrownBy(() -> reader.open(told("abc")))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SUPERSEDED));
    }

    @Test
    void shouldAskForAnObjectWhoseEtagWasToldAsWeak() throws Exception {
        reader.open(told("W/abc")).close();

        assertThat(preconditions).containsExactly("\"abc\"");
    }

    @Override
    void answer(HttpExchange exchange) throws IOException {
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

    private static SourceObject told(String etag) {
        return new SourceObject("outbound", "a.csv", null, etag, CONTENT.length, Instant.EPOCH);
    }
}
