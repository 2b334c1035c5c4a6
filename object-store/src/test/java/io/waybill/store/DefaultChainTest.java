package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without keys in the configuration, credentials come from wherever the AWS SDK finds them; here from a local STS. */
@Timeout(60)
class DefaultChainTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/waybill";

    @TempDir
    private Path directory;

    private final Map<String, @Nullable String> before = new HashMap<>();
    private final List<String> toSts = new CopyOnWriteArrayList<>();
    private final List<String> signedBy = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::assumeRole);
        server.createContext("/outbound", this::describe);
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        set("aws.region", "eu-central-1");
        set("aws.endpointUrlSts", address.toString());
    }

    @AfterEach
    void stop() {
        server.stop(0);
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    private void set(String name, String value) {
        before.put(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    private void assumeRole(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        toSts.add(request);
        String action = request.contains("AssumeRoleWithWebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole";
        byte[] answer = """
                <%1$sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%1$sResult><Credentials>
                <AccessKeyId>ASIAFROMSTS</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
                <SessionToken>token-from-sts</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
                </Credentials></%1$sResult></%1$sResponse>
                """.formatted(action).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private void describe(HttpExchange exchange) throws IOException {
        signedBy.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                + exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
        exchange.getResponseHeaders().set("ETag", "\"abc\"");
        exchange.getResponseHeaders().set("Last-Modified", "Mon, 02 Mar 2026 08:15:30 GMT");
        exchange.getResponseHeaders().set("Content-Length", "42");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    @Test
    void shouldTakeTheRoleOfAServiceAccount() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "token-of-the-cluster");
        set("aws.webIdentityTokenFile", token.toString());
        set("aws.roleArn", ROLE);
        set("aws.roleSessionName", "waybill");

        assertThat(described()).isInstanceOf(ObjectCatalog.Answer.Found.class);

        assertThat(toSts).singleElement().asString()
                .contains("AssumeRoleWithWebIdentity", "token-of-the-cluster", "role%2Fwaybill");
        assertThat(signedBy).singleElement().asString().contains("Credential=ASIAFROMSTS/", "token-from-sts");
    }

    @Test
    void shouldTakeTheRoleThatAProfileAssumes() throws IOException {
        Path config = Files.writeString(directory.resolve("config"), """
                [profile base]
                aws_access_key_id = AKIABASE
                aws_secret_access_key = base
                [profile delivery]
                role_arn = %s
                source_profile = base
                region = eu-central-1
                """.formatted(ROLE));
        set("aws.configFile", config.toString());
        set("aws.sharedCredentialsFile", Files.createFile(directory.resolve("credentials")).toString());
        set("aws.profile", "delivery");

        assertThat(described()).isInstanceOf(ObjectCatalog.Answer.Found.class);

        assertThat(toSts).singleElement().asString().contains("AssumeRole", "role%2Fwaybill");
        assertThat(signedBy).singleElement().asString().contains("Credential=ASIAFROMSTS/", "token-from-sts");
    }

    /** The SDK finds these by their names. A sign-in itself needs a browser. */
    @ParameterizedTest
    @ValueSource(strings = {
            "software.amazon.awssdk.services.sso.auth.SsoProfileCredentialsProviderFactory",
            "software.amazon.awssdk.services.ssooidc.SsoOidcProfileTokenProviderFactory"})
    void shouldHaveWhatASignInNeeds(String type) {
        assertThatCode(() -> Class.forName(type)).doesNotThrowAnyException();
    }

    private ObjectCatalog.Answer described() throws IOException {
        var settings = new S3Settings(Optional.of(address), "us-east-1", true, Optional.empty(), Optional.empty());
        try (var store = ObjectStore.catalog(settings)) {
            return store.describe(new ObjectVersion("outbound", "a.csv", null));
        }
    }
}
