package io.waybill.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tests that docs/threat-model.md names are there. */
class ThreatModelTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:#(\\w+))?`");
    private static final int FEWEST = 40;

    @Test
    void shouldNameOnlyTestsThatThereAre() throws IOException {
        Map<String, Path> tests = tests();
        var named = NAMED.matcher(Files.readString(REPOSITORY.resolve("docs/threat-model.md"))).results().toList();
        assertThat(named).hasSizeGreaterThan(FEWEST).allSatisfy(found -> {
            assertThat(tests).containsKey(found.group(1));
            if (found.group(2) != null) {
                assertThat(Files.readString(tests.getOrDefault(found.group(1), REPOSITORY)))
                        .contains("void " + found.group(2) + "(");
            }
        });
    }

    private static Map<String, Path> tests() throws IOException {
        try (var files = Files.find(REPOSITORY, 12, (path, _) -> isTest(path))) {
            List<Path> all = files.toList();
            return all.stream().collect(
                    Collectors.toMap(path -> name(path).replace(".java", ""), Function.identity(), (one, _) -> one));
        }
    }

    private static boolean isTest(Path path) {
        return path.toString().contains("/src/test/java/") && name(path).matches("[A-Z]\\w+(Test|IT)\\.java");
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
