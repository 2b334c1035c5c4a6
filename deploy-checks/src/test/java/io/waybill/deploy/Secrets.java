package io.waybill.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The secrets that the guide asks for: those of the table in deploy/k8s/README.md, with their keys. */
record Secrets(Map<String, Set<String>> keys) {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z0-9-]+)` \\| ((?:`[^`]+`(?:, )?)+) \\|", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("`([^`]+)`");

    static Secrets ofTheGuide() {
        try {
            var keys = new LinkedHashMap<String, Set<String>>();
            String guide = Files.readString(Overlays.K8S.resolve(Path.of("README.md")));
            ROW.matcher(guide).results().forEach((MatchResult row) -> {
                Set<String> names = keys.computeIfAbsent(row.group(1), _ -> new TreeSet<>());
                WORD.matcher(row.group(2)).results().map(word -> word.group(1)).forEach(names::add);
            });
            return new Secrets(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys of a secret: of one that the overlay makes itself, or of one that the guide asks for. */
    Optional<Set<String>> of(Manifests manifests, String name) {
        return manifests.find("Secret", name)
                .<Set<String>>map(secret -> new TreeSet<>(secret.map("data").keySet()))
                .or(() -> Optional.ofNullable(keys.get(name)));
    }
}
