package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.CaughtLogs;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.config.WaybillConfig.TlsSettings;
import io.waybill.runtime.pem.TestAuthority;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.tls.CallingClient;
import io.waybill.runtime.tls.TlsContexts;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint with TLS: who gets in, and what becomes of its certificate while it runs. */
@Timeout(60)
final class ServerTlsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    final CaughtLogs warnings = CaughtLogs.of(ServerTls.class);

    @RegisterExtension
    final CaughtLogs calls = CaughtLogs.of(CallingClient.class);

    @TempDir
    private Path directory;

    private final TestAuthority authority = new TestAuthority("authority");
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("ca.pem"), authority.pem());
        authority.issue("first").writeTo(directory, "waybill");
        authority.issue("caller").writeTo(directory, "caller");
        // Of that name, too: a client does not show what the server does not ask for.
        new TestAuthority("authority").issue("stranger").writeTo(directory, "stranger");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private TlsFiles files(String name, boolean ofClients) {
        return new TlsFiles(
                directory.resolve(name + ".pem"),
                directory.resolve(name + ".key"),
                Optional.empty(),
                ofClients ? Optional.of(directory.resolve("ca.pem")) : Optional.empty());
    }

    private int start(boolean clientCertificates, HttpRoutes... routes) {
        var settings = new HttpSettings(
                "127.0.0.1", 0, Optional.empty(), List.of(), AccessSettings.UNSAID,
                new TlsSettings(Optional.of(files("waybill", clientCertificates)), Optional.empty()));
        var endpoint = new HttpEndpoint(
                settings, () -> Map.of("worker", Health.UP), meters, List.of(routes), ProcessClock.system(), 2);
        opened.add(endpoint);
        return endpoint.start();
    }

    /** @param shown empty to show no certificate */
    private HttpClient client(Optional<String> shown) throws Exception {
        var client = HttpClient.newBuilder()
                .sslContext(TlsContexts.client(
                        shown.map(name -> files(name, false)), Optional.of(directory.resolve("ca.pem"))))
                .build();
        opened.add(client::shutdownNow);
        return client;
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
    }

    private static HttpResponse<String> get(HttpClient client, int port, String path) throws Exception {
        return client.send(request(port, path).build(), BodyHandlers.ofString());
    }

    private static String subject(HttpResponse<?> answer) throws SSLException {
        var certificate = (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    @Test
    void shouldSpeakTheNewestTls() throws Exception {
        HttpResponse<String> answer = get(client(Optional.empty()), start(false), "/healthz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @ParameterizedTest
    @CsvSource({
            "TLSv1.3, TLS_AES_128_GCM_SHA256, true",
            "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true",
            "TLSv1.2, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true",
            "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, false",
            "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, false"
    })
    void shouldTakeModernSuitesOnly(String protocol, String suite, boolean taken) throws Exception {
        int port = start(false);
        var context = TlsContexts.client(Optional.empty(), Optional.of(directory.resolve("ca.pem")));
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setEnabledCipherSuites(new String[] {suite});
            if (taken) {
                socket.startHandshake();
                assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
            } else {
                assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(socket::startHandshake);
            }
        }
    }

    @Test
    void shouldRefuseCallersWithoutACertificateExceptForProbes() throws Exception {
        int port = start(true);
        HttpClient nobody = client(Optional.empty());

        assertThat(get(nobody, port, "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(nobody, port, "/readyz").statusCode()).isEqualTo(200);
        for (String path : List.of("/", "/metrics", "/v1/files", "/healthz/", "//healthz", "/readyz/../metrics")) {
            assertThat(get(nobody, port, path).statusCode()).as(path).isEqualTo(403);
        }
        assertThat(nobody.send(
                request(port, "/healthz").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        assertThat(get(client(Optional.of("caller")), port, "/metrics").statusCode()).isEqualTo(200);
        HttpClient stranger = client(Optional.of("stranger"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(stranger, port, "/healthz"));
    }

    @Test
    void shouldTakeANewCertificateWithoutADroppedRequest() throws Exception {
        int port = start(false, routes -> routes.get("/v1/hello", http -> http.result("hi"), Permission.READ));
        var changed = new AtomicBoolean();
        var seen = ConcurrentHashMap.<String>newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> callers = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> call(port, seen, changed)))
                    .toList();
            await().until(() -> seen.contains("CN=first"));
            authority.issue("second").writeTo(directory, "waybill");
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.contains("CN=second"));
            changed.set(true);
            for (Future<Integer> caller : callers) {
                assertThat(caller.get()).isPositive();
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("CN=first", "CN=second");
        assertThat(meters.scrape()).contains("waybill_http_tls_reloads_total{result=\"done\"} 1.0");
    }

    /** Every request must be answered; each of some makes a connection of its own. */
    private int call(int port, Set<String> seen, AtomicBoolean end) throws Exception {
        int answered = 0;
        while (!end.get()) {
            try (HttpClient client = HttpClient.newBuilder()
                    .sslContext(TlsContexts.client(Optional.empty(), Optional.of(directory.resolve("ca.pem"))))
                    .build()) {
                for (int i = 0; i < 5; i++) {
                    HttpResponse<String> answer = get(client, port, "/v1/hello");
                    assertThat(answer.statusCode()).isEqualTo(200);
                    seen.add(subject(answer));
                    answered++;
                }
            }
        }
        return answered;
    }

    @Test
    void shouldKeepItsCertificateWhileTheNewOneIsNotGood() throws Exception {
        Instant to = Instant.parse("2100-01-01T00:00:00Z");
        authority.issue("first", Instant.EPOCH, to).writeTo(directory, "waybill");
        var tls = new ServerTls(files("waybill", false), Optional.of("localhost"), meters, ProcessClock.system());
        opened.add(tls);
        var _ = tls.before("HTTP/1.1");
        String failed = "waybill_http_tls_reloads_total{result=\"failed\"} ";
        assertThat(meters.scrape()).contains(
                "waybill_http_tls_not_after_seconds " + (double) to.getEpochSecond(), failed + "0.0");

        // Somebody has written the certificate, and not yet the key.
        Files.writeString(directory.resolve("waybill.pem"), authority.issue("second").chain());
        tls.look();
        assertThat(meters.scrape()).contains(failed + "0.0");
        tls.look();
        tls.look();
        assertThat(meters.scrape()).contains(failed + "1.0");

        authority.issue("expired", Instant.EPOCH, Instant.EPOCH.plusSeconds(1)).writeTo(directory, "waybill");
        tls.look();
        tls.look();
        assertThat(meters.scrape()).contains(
                failed + "2.0", "waybill_http_tls_not_after_seconds " + (double) to.getEpochSecond());

        authority.issueFor("another.example").writeTo(directory, "waybill");
        tls.look();
        tls.look();
        assertThat(meters.scrape()).contains(
                failed + "3.0", "waybill_http_tls_reloads_total{result=\"done\"} 0.0");

        authority.issue("third").writeTo(directory, "waybill");
        tls.look();
        assertThat(meters.scrape()).contains("waybill_http_tls_reloads_total{result=\"done\"} 1.0", failed + "3.0");
    }

    @Test
    void shouldThrowOutWhoNeverFinishesAHandshakeAndWhoIsSlow() throws Exception {
        int port = start(false);
        var slow = new ArrayList<Socket>();
        var context = TlsContexts.client(Optional.empty(), Optional.of(directory.resolve("ca.pem")));
        try {
            for (int i = 0; i < 300; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                if (i % 2 == 0) {
                    // The begin of a record of a handshake, whose rest never comes. Others say nothing at all.
                    socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0});
                }
            }
            var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
            slow.add(socket);
            socket.startHandshake();
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));

            HttpClient client = client(Optional.empty());
            assertThat(client.send(
                    request(port, "/healthz").timeout(Duration.ofSeconds(5)).build(), BodyHandlers.ofString())
                    .statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).until(() -> slow.stream().allMatch(ServerTlsTest::thrownOut));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static boolean thrownOut(Socket socket) {
        try {
            socket.setSoTimeout(1);
            while (socket.getInputStream().read() >= 0) {
                // An alert, or what the handshake still says.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void shouldCallOthersByWhatTheFilesSayNow() throws Exception {
        int port = start(true);
        var now = new AtomicReference<>(NOW);
        authority.issue("caller").writeTo(directory, "peer");
        var calling = new CallingClient(
                new TlsSettings(Optional.of(files("peer", true)), Optional.of(directory.resolve("ca.pem"))),
                Duration.ofSeconds(5),
                now::get);
        opened.add(calling);
        HttpClient first = calling.get();
        assertThat(get(first, port, "/metrics").statusCode()).isEqualTo(200);

        now.set(NOW.plusSeconds(6));
        assertThat(calling.get()).isSameAs(first);
        authority.issue("caller").writeTo(directory, "peer");
        assertThat(calling.get()).isSameAs(first);
        now.set(NOW.plusSeconds(12));
        HttpClient second = calling.get();
        assertThat(second).isNotSameAs(first);
        assertThat(get(second, port, "/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldCallOthersByTheFormerFilesWhileTheNewOnesAreNotGood() throws Exception {
        int port = start(true);
        var now = new AtomicReference<>(NOW);
        authority.issue("caller").writeTo(directory, "peer");
        var calling = new CallingClient(
                new TlsSettings(Optional.of(files("peer", true)), Optional.of(directory.resolve("ca.pem"))),
                Duration.ofSeconds(5),
                now::get);
        opened.add(calling);
        // Nobody has called yet. Whoever does so first finds what is left of the files.
        calling.prepare();
        authority.issue("expired", Instant.EPOCH, Instant.EPOCH.plusSeconds(1)).writeTo(directory, "peer");
        now.set(NOW.plusSeconds(6));
        assertThat(get(calling.get(), port, "/metrics").statusCode()).isEqualTo(200);
        Files.writeString(directory.resolve("peer.pem"), "-----BEGIN CERTIFICATE-----");
        now.set(NOW.plusSeconds(12));
        assertThat(get(calling.get(), port, "/metrics").statusCode()).isEqualTo(200);
    }

    /** Another thread may have asked for the client a moment before the files changed. */
    @Test
    void shouldAnswerARequestThatBeginsWhileTheClientChanges() throws Exception {
        int port = start(true);
        var now = new AtomicReference<>(NOW);
        var calling = new CallingClient(
                new TlsSettings(Optional.of(files("caller", true)), Optional.of(directory.resolve("ca.pem"))),
                Duration.ofSeconds(5),
                now::get);
        opened.add(calling);
        HttpClient asked = calling.get();
        authority.issue("caller").writeTo(directory, "caller");
        now.set(NOW.plusSeconds(6));
        assertThat(calling.get()).isNotSameAs(asked);

        assertThat(get(asked, port, "/metrics").statusCode()).isEqualTo(200);
    }

    /** Kubernetes calls the address of the pod, says no name, and looks at no certificate. */
    @Test
    void shouldAnswerAProbeByAnAddressThatTheCertificateDoesNotHave() throws Exception {
        authority.issueFor("elsewhere.example").writeTo(directory, "waybill");
        int port = start(true);

        assertThat(session(TlsContexts.client(Optional.empty(), Optional.of(directory.resolve("ca.pem"))), "TLSv1.3",
                port, "/readyz")).startsWith("HTTP/1.1 200");
    }

    /** A session that is taken up again shows no certificate anew, so it must not outlive the authority. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldNotTakeUpASessionOfAnAuthorityThatIsGone(String protocol) throws Exception {
        int port = start(true);
        Path former = Files.writeString(directory.resolve("former.pem"), authority.pem());
        var context = TlsContexts.client(Optional.of(files("caller", false)), Optional.of(former));
        assertThat(session(context, protocol, port, "/metrics")).startsWith("HTTP/1.1 200");
        assertThat(session(context, protocol, port, "/metrics")).as("taken up again").startsWith("HTTP/1.1 200");

        // Of the same name: a client does not show what the server does not ask for.
        Files.writeString(directory.resolve("ca.pem"), new TestAuthority("authority").pem());
        await().atMost(Duration.ofSeconds(20)).until(() -> meters.scrape()
                .contains("waybill_http_tls_reloads_total{result=\"done\"} 1.0"));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> session(context, protocol, port, "/metrics"));
    }

    /** A request in a session of its own, or in an earlier one that is taken up again. */
    private static String session(SSLContext context, String protocol, int port, String path) throws IOException {
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            if (answer.length == 0) {
                throw new EOFException("no answer");
            }
            return new String(answer, StandardCharsets.UTF_8);
        }
    }

    /** Whoever has a certificate of the same authority must not pass for an instance. */
    @Test
    void shouldNotCallAnInstanceWhoseCertificateIsForAnotherName() throws Exception {
        authority.issueFor("elsewhere.example").writeTo(directory, "waybill");
        int port = start(false);
        var calling = new CallingClient(
                new TlsSettings(Optional.empty(), Optional.of(directory.resolve("ca.pem"))),
                Duration.ofSeconds(5),
                ProcessClock.system());
        opened.add(calling);

        assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(() -> get(calling.get(), port, "/healthz"));
    }

    @Test
    void shouldEndARequestThatIsUnderWayWhileTheClientChanges() throws Exception {
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        int port = start(true, routes -> routes.get("/v1/slow", http -> {
            entered.countDown();
            leave.await();
            http.result("done");
        }, Permission.READ));
        var now = new AtomicReference<>(NOW);
        var calling = new CallingClient(
                new TlsSettings(Optional.of(files("caller", true)), Optional.of(directory.resolve("ca.pem"))),
                Duration.ofSeconds(5),
                now::get);
        opened.add(calling);
        var answer = calling.get().sendAsync(request(port, "/v1/slow").build(), BodyHandlers.ofString());
        entered.await();
        authority.issue("caller").writeTo(directory, "caller");
        now.set(NOW.plusSeconds(6));
        assertThat(get(calling.get(), port, "/metrics").statusCode()).isEqualTo(200);
        leave.countDown();

        assertThat(answer.get().body()).isEqualTo("done");
    }
}
