package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/waybill.yaml is an example that somebody copies, so it must be right. */
class ProductionExampleTest {
    private static final Path EXAMPLE = Path.of("../deploy/waybill.yaml");
    private static final String PLACE = "/etc/waybill/";

    @TempDir
    Path etc;

    /** Its files are not here, so others stand in for them. */
    private WaybillConfig read() throws IOException {
        String text = Files.readString(EXAMPLE);
        var environment = new HashMap<String, String>();
        Pattern.compile("env:(\\w+)").matcher(text).results().forEach(found -> environment.put(found.group(1), "a:b"));
        for (var found : Pattern.compile(PLACE + "([\\w./-]*\\w)").matcher(text).results().toList()) {
            Path file = etc.resolve(found.group(1));
            Files.createDirectories(file.getParent());
            if (Files.notExists(file)) {
                var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
                Files.writeString(Files.createFile(file, owner), "secret");
            }
        }
        return WaybillConfig.parse(
                EXAMPLE.toString(), text.replace(PLACE, etc + "/"), new Overrides(Map.of(), environment),
                Services.sections());
    }

    @Test
    void shouldBeReadByTheReaderOfTheServices() throws IOException {
        WaybillConfig config = read();
        assertThat(config.routes()).hasSize(3);
        assertThat(config.destinations()).hasSize(2);
        assertThat(config.topics().replication()).isEqualTo((short) 3);
    }

    @Test
    void shouldLeaveNothingToWarnOf() throws IOException {
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void shouldHaveAllSectionsThatServicesShare() throws IOException {
        assertThat(Files.readAllLines(EXAMPLE))
                .contains("kafka:", "topics:", "s3:", "destinations:", "routes:", "http:", "streams:")
                .anyMatch(line -> line.startsWith("schema.registry.url: https://"));
    }
}
