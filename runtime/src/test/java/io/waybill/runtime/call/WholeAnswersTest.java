package io.waybill.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.runtime.text.Reasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WholeAnswersTest {
    private static HttpRequest request(ServerSocket server, Duration limit) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
                .timeout(limit)
                .build();
    }

    private static void begin(Socket socket) throws IOException {
        socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"
                .getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldWaitForNoServerThatStopsInTheMiddleOfItsAnswer() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<HttpResponse<String>> answer = WholeAnswers.ask(
                    client, request(server, Duration.ofSeconds(1)), BodyHandlers.ofString());
            try (Socket socket = server.accept()) {
                begin(socket);
                Exception failure = catchThrowableOfType(Exception.class, answer::get);
                assertThat(failure).isNotNull();
                assertThat(Reasons.of(failure)).isEqualTo("no answer in time");
                byte[] sent = socket.getInputStream().readAllBytes();
                assertThat(sent).as("read to the end, because the client has closed the connection").isNotEmpty();
            }
        }
    }

    @Test
    void shouldSayWhyThereIsNoAnswer() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var reset = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    begin(socket);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            IOException failure = catchThrowableOfType(
                    IOException.class,
                    () -> WholeAnswers.await(
                            client, request(server, Duration.ofSeconds(30)), BodyHandlers.ofString()));
            reset.join();
            assertThat(failure).isNotNull();
            HttpRequest nobody = toNobody();
            IOException refused = catchThrowableOfType(
                    IOException.class, () -> WholeAnswers.await(client, nobody, BodyHandlers.ofString()));
            assertThat(Reasons.of(refused)).isEqualTo("connection refused");
        }
    }

    private static HttpRequest toNobody() throws IOException {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return request(closed, Duration.ofSeconds(30));
        }
    }
}
