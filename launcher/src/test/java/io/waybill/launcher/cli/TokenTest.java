package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How commands log in at the API. */
final class TokenTest {
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";
    private static final String ACCEPTED =
            "{\"id\":\"" + ID + "\",\"accepted\":\"ResolveRequested\",\"at\":\"2026-01-01T00:00:00Z\"}";

    @TempDir
    private Path directory;

    private final List<String> logins = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 202;
    private String answer = ACCEPTED;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", exchange -> {
            logins.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private Screen screen() {
        return new Screen(directory).with("WAYBILL_API", address());
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static int resolve(Screen screen, String... more) {
        String[] line = new String[4 + more.length];
        List.of("resolve", ID, "--delivered", "--reason=they have it").toArray(line);
        System.arraycopy(more, 0, line, 4, more.length);
        return screen.run(line);
    }

    @Test
    void shouldLogInWithTheTokenAndLeaveTheNameToIt() throws IOException {
        Files.writeString(directory.resolve("token"), "wbt_of-a-file\n");

        assertThat(resolve(screen().with("WAYBILL_TOKEN", "wbt_of-a-variable"))).isZero();
        assertThat(resolve(screen().with("WAYBILL_TOKEN", "file:" + directory.resolve("token")))).isZero();
        assertThat(resolve(screen(), "--token", "file:" + directory.resolve("token"))).isZero();
        assertThat(resolve(screen().with("MINE", "wbt_of-mine"), "--token", "env:MINE")).isZero();

        assertThat(logins).containsExactly(
                "Bearer wbt_of-a-variable", "Bearer wbt_of-a-file", "Bearer wbt_of-a-file", "Bearer wbt_of-mine");
        assertThat(bodies).allSatisfy(body -> assertThat(body).doesNotContain("\"by\""));
    }

    @Test
    void shouldGiveTheNameOfTheUserWhereThereIsNoLogin() {
        assertThat(resolve(screen())).isZero();
        assertThat(resolve(screen(), "--by", "ann")).isZero();

        assertThat(logins).containsExactly("null", "null");
        assertThat(bodies.get(0)).contains("\"by\":\"" + System.getProperty("user.name") + "\"");
        assertThat(bodies.get(1)).contains("\"by\":\"ann\"");
    }

    /** The server there may be anybody's. */
    @Test
    void shouldSendTheTokenOfAConfigurationOnlyToItsOwnAddress() throws IOException {
        Files.writeString(directory.resolve("token"), "wbt_of-the-configuration");
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                http: { port: %d }
                token: file:%s
                """.formatted(server.getAddress().getPort(), directory.resolve("token")));

        assertThat(resolve(new Screen(directory))).isZero();
        assertThat(resolve(screen())).isZero();

        assertThat(logins).containsExactly("Bearer wbt_of-the-configuration", "null");
    }

    @Test
    void shouldSayHowToLogIn() {
        status = 401;
        answer = "{\"error\":\"the token is not known here\"}";
        Screen nobody = screen();
        assertThat(resolve(nobody)).isEqualTo(1);
        assertThat(nobody.err()).contains("refuses the login", "$WAYBILL_TOKEN", "--token file:PATH");

        Screen known = screen().with("WAYBILL_TOKEN", "wbt_0123456789");
        assertThat(resolve(known, "--debug")).isEqualTo(1);
        assertThat(known.err()).contains("the token is not known here");
        assertThat(known.out() + known.err()).doesNotContain("wbt_0123456789");
    }

    @Test
    void shouldSayThatATokenCannotBeRead() {
        Screen screen = screen();
        assertThat(resolve(screen, "--token", "file:/nowhere/token")).isEqualTo(2);
        assertThat(screen.err()).contains("--token: the secret's file cannot be read: /nowhere/token");
    }
}
