package io.waybill.launcher.cli.rights;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

/** The rights of the services, as an operator gets them. */
final class AclListingTest {
    private static final WaybillConfig CONFIG = WaybillConfig.parse(
            "test",
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            """,
            Overrides.NONE,
            Services.sections());

    /** Whoever changes this file asks every operator with access lists to change them. It belongs into the CHANGELOG. */
    @Test
    void shouldPrintTheRightsThatWereApproved() throws IOException {
        assertThat(String.join("\n", new AclListing(CONFIG, "waybill-").lines()) + "\n")
                .isEqualToNormalizingNewlines(approved());
    }

    @Test
    void shouldQuoteWhatAShellWouldTakeApart() {
        assertThat(new AclListing(CONFIG, "CN=it's, O=").lines())
                .allMatch(line -> line.startsWith("--allow-principal 'User:CN=it'\\''s, O="));
    }

    @Test
    void shouldSayTheSameInJson() {
        assertThat(new AclListing(CONFIG, "wb-").json()).hasSameSizeAs(new AclListing(CONFIG, "wb-").lines())
                .first()
                .isEqualTo(Map.of(
                        "service", "ingest-service",
                        "principal", "User:wb-ingest-service",
                        "resource", "TOPIC",
                        "name", "waybill.s3-notifications",
                        "pattern", "LITERAL",
                        "operations", Set.of(
                                AclOperation.READ,
                                AclOperation.WRITE,
                                AclOperation.DESCRIBE_CONFIGS)));
    }

    /** A beginning that is too short would let one service end the transactions of another one. */
    @Test
    void shouldGiveNoServiceWhatBelongsToAnother() {
        List<Map<String, Object>> grants = new AclListing(CONFIG, "wb-").json();

        assertThat(grants).allSatisfy(grant -> assertThat(grant.get("resource")).isNotEqualTo("CLUSTER"));
        assertThat(grants).filteredOn("pattern", "PREFIXED").isNotEmpty().allSatisfy(wide -> assertThat(grants)
                .filteredOn(grant -> !Objects.equals(grant.get("service"), wide.get("service")))
                .filteredOn(grant -> Objects.equals(grant.get("resource"), wide.get("resource")))
                .noneMatch(grant -> String.valueOf(grant.get("name")).startsWith(String.valueOf(wide.get("name")))));
        assertThat(grants).filteredOn("name", "waybill.audit")
                .filteredOn(grant -> String.valueOf(grant.get("operations")).contains("WRITE"))
                .extracting("service")
                .containsExactly("audit-service");
    }

    private static String approved() throws IOException {
        try (InputStream file = AclListingTest.class.getResourceAsStream("acls.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
