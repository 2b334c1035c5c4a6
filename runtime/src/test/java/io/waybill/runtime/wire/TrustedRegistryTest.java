package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry whose certificate only the configured trust store vouches for. */
@Timeout(60)
class TrustedRegistryTest {
    private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    @Test
    void shouldTrustWhomTheTrustStoreNames() throws Exception {
        try (var server = new StubRegistry(secured(keyStore()), "https")) {
            server.answer("/schemas/ids/7", 200, StubRegistry.schema(SCHEMA));
            try (var trusting = new HttpSchemaRegistry(RegistrySettings.from(Map.of(
                    "schema.registry.url", server.url(),
                    "schema.registry.ssl.truststore.location", keyStore().toString(),
                    "schema.registry.ssl.truststore.password", PASSWORD)))) {
                assertThat(trusting.byId(7)).isEqualTo(SCHEMA);
            }
            try (var wary = HttpClient.newHttpClient()) {
                var request = HttpRequest.newBuilder(URI.create(server.url())).build();
                assertThatExceptionOfType(SSLException.class)
                        .isThrownBy(() -> wary.send(request, HttpResponse.BodyHandlers.discarding()));
            }
        }
    }

    private Path keyStore() throws IOException, InterruptedException {
        Path file = directory.resolve("registry.p12");
        if (!Files.exists(file)) {
            String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            Process making = new ProcessBuilder(
                    keytool, "-genkeypair", "-alias", "registry", "-keyalg", "EC", "-dname", "CN=localhost",
                    "-ext", "san=dns:localhost", "-validity", "2", "-storetype", "PKCS12", "-storepass",
                    PASSWORD, "-keystore", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("keytool.log").toFile())
                    .start();
            assertThat(making.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(making.exitValue()).isZero();
        }
        return file;
    }

    private static HttpsServer secured(Path keyStore) throws IOException, GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        try (InputStream file = Files.newInputStream(keyStore)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD.toCharArray());
            keys.init(store, PASSWORD.toCharArray());
        }
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(StubRegistry.anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }
}
