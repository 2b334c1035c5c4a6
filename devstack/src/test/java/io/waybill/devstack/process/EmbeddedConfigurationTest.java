package io.waybill.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.waybill.devstack.servers.StackEndpoints;
import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.ConfigurationSchema;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EmbeddedConfigurationTest {
    private static final String HOST_KEY = "SHA256:" + "b".repeat(43);

    @TempDir
    Path data;

    EmbeddedConfiguration embedded;
    StackEndpoints stack;

    @BeforeEach
    void writeSecrets() throws IOException {
        embedded = new EmbeddedConfiguration(data);
        embedded.writeSecrets();
        stack = new StackEndpoints(
                "127.0.0.1:9092",
                URI.create("http://127.0.0.1:8081/apis/ccompat/v7"),
                URI.create("http://127.0.0.1:9000"),
                2022,
                HOST_KEY,
                data.resolve("key"),
                data.resolve("files"));
    }

    private WaybillConfig withUserFile(String yaml) throws IOException {
        Path file = Files.writeString(data.resolve("mine.yaml"), yaml);
        var user = new UserConfiguration(file);
        String merged = EmbeddedConfiguration.text(user.over(embedded.tree(stack, 8080)));
        var infrastructure = new Overrides(embedded.infrastructure(stack, 8080), java.util.Map.of());
        return user.check(merged, infrastructure);
    }

    @Test
    void shouldBeReadLikeAnyOtherConfiguration() throws IOException {
        embedded.write(EmbeddedConfiguration.text(embedded.tree(stack, 8080)));
        WaybillConfig config = WaybillConfig.load(embedded.file(), Overrides.NONE, Services.sections());
        assertThat(config.kafka())
                .containsEntry("bootstrap.servers", "127.0.0.1:9092")
                .containsEntry("fetch.max.wait.ms", "1500");
        assertThat(config.topics().replication()).isEqualTo((short) 1);
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.destinations().get(new DestinationName("partner")).hostKeys()).containsExactly(HOST_KEY);
        assertThat(config.routes().get(new RouteName("inbox")).source().bucket()).isEqualTo("inbox");
        assertThat(config.s3().secretKey().orElseThrow().reveal()).isEqualTo("waybill-secret");
    }

    @Test
    void shouldHaveNothingThatAnEditorMarks() throws IOException {
        String text = EmbeddedConfiguration.text(embedded.tree(stack, 8080));
        var json = JsonMapper.builder().build();
        var schema = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
                .getSchema(ConfigurationSchema.text(Services.sections()), InputFormat.JSON);
        Object document = new Load(LoadSettings.builder().build()).loadFromString(text);
        assertThat(schema.validate(json.writeValueAsString(document), InputFormat.JSON)).isEmpty();
    }

    @Test
    void shouldShowSecretsToTheirOwnerAlone() throws IOException {
        Path secret = data.resolve("secrets/s3-secret-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret))).isEqualTo("rw-------");
        assertThat(EmbeddedConfiguration.text(embedded.tree(stack, 8080))).doesNotContain("waybill-secret");
    }

    @Test
    void shouldReplaceTheRoutesAndKeepItsDestinationBesideTheUsers() throws IOException {
        WaybillConfig config = withUserFile("""
                kafka: { bootstrap.servers: "production:9092" }
                topics: { replication: 3 }
                worker: { span: 7 }
                routes:
                  invoices: { source: { bucket: outbound }, deliver: { destination: partner } }
                """);
        assertThat(config.routes()).containsOnlyKeys(new RouteName("invoices"));
        assertThat(config.destinations()).containsOnlyKeys(new DestinationName("partner"));
        assertThat(config.kafka()).containsEntry("bootstrap.servers", "127.0.0.1:9092");
        assertThat(config.topics().replication()).isEqualTo((short) 1);
        assertThat(config.own().values()).asString().contains("span=7");
    }

    /** Approvals need a login, so a file that has both must work here as it does elsewhere. */
    @Test
    void shouldTakeTheLoginOfTheUsersFileAndNothingElseOfItsEndpoint() throws IOException {
        String mine = """
                kafka: { bootstrap.servers: "production:9092" }
                http:
                  host: 0.0.0.0
                  advertised: files.example
                  auth: tokens
                  metrics: token
                  peerSecret: env:NOWHERE
                  tls: { certificate: /nowhere/server.pem, privateKey: file:/nowhere/server.key }
                  tokens:
                    ann: { hash: "sha256:73300871f44c168e7c949de2c750e60c2c9bb8ff530017c5a267234e9cb4db8e", role: admin }
                approvals: { bulk: 10 }
                """;
        WaybillConfig config = withUserFile(mine);

        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.http().advertised()).isEmpty();
        assertThat(config.http().tls().server()).isEmpty();
        assertThat(config.http().access().auth()).contains(AccessSettings.Auth.TOKENS);
        assertThat(config.http().access().metrics()).isEqualTo(AccessSettings.MetricsAccess.TOKEN);
        assertThat(config.http().access().tokens())
                .singleElement()
                .satisfies(token -> assertThat(token.principal().name()).isEqualTo("ann"));
        assertThat(new UserConfiguration(data.resolve("mine.yaml")).unused())
                .containsExactly("kafka", "http.host", "http.advertised", "http.peerSecret", "http.tls");
    }

    @Test
    void shouldStayOpenIfTheUsersFileSaysNothingOfALogin() throws IOException {
        WaybillConfig config = withUserFile("http: { port: 80 }\n");

        assertThat(config.http().access()).isEqualTo(AccessSettings.UNSAID);
        assertThat(config.http().port()).isEqualTo(8080);
    }

    @Test
    void shouldSayWhereTheUsersLoginIsWrong() {
        assertThatThrownBy(() -> withUserFile("""
                http:
                  auth: tokens
                  tokens:
                    ann: { hash: "sha256:73300871f44c168e7c949de2c750e60c2c9bb8ff530017c5a267234e9cb4db8e", role: boss }
                """))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("mine.yaml:4")
                .hasMessageContaining("http.tokens.ann.role");
    }

    @Test
    void shouldSayWhereTheUsersFileIsWrong() {
        assertThatThrownBy(() -> withUserFile("""
                routes:
                  invoices:
                    source: { buket: outbound }
                    deliver: { destination: partner }
                """))
                .isInstanceOfSatisfying(BadConfigurationException.class, bad -> assertThat(bad.problems())
                        .anyMatch(problem -> problem.contains("mine.yaml:3:22: routes.invoices.source.buket"))
                        .noneMatch(problem -> problem.contains("no destination")));
    }

    @Test
    void shouldSayThatAUsersFileIsNoYaml() {
        assertThatThrownBy(() -> withUserFile("routes: [\n"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("mine.yaml:2")
                .hasMessageContaining("this is not YAML");
    }

    @Test
    void shouldSayThatAUsersFileHasNoKeys() {
        assertThatThrownBy(() -> withUserFile("- routes\n"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("mine.yaml:1:1: expected keys with values, found a list");
    }

    @Test
    void shouldTakeValuesAsTheyAreWritten() throws IOException {
        WaybillConfig config = withUserFile("""
                routes:
                  one: { source: { bucket: 1.10 }, deliver: { destination: partner, path: "/0777" } }
                """);
        assertThat(config.routes().values()).extracting(route -> route.source().bucket()).containsExactly("1.10");
    }

    @Test
    void shouldSayThatThereIsNoSuchFile() {
        var user = new UserConfiguration(data.resolve("absent.yaml"));
        assertThatThrownBy(() -> user.over(embedded.tree(stack, 8080)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("absent.yaml");
    }
}
