package io.waybill.deploy;

import io.waybill.testkit.npm.NpmTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Renders the overlays, each once. */
final class Overlays {
    static final Path K8S = Path.of("..", "deploy", "k8s");

    /** The production overlay with workers that go to zero: a line of it is another one. */
    static final String TO_ZERO = "production, to zero";

    /** That with TLS at the endpoints, which is a line more. */
    static final String HTTPS = "production, to zero, https";

    /** The production overlay where nobody makes topics but Waybill, with a Kafka whose authority the image knows. */
    static final String OWN_TOPICS = "production, own topics, https";

    /** The overlay that makes its secrets itself, so that their names have a digest, with all that refers to them. */
    private static final String GENERATED = "dev, to zero";

    private static final String KEDA = "components/keda\n";
    private static final String TO_ZERO_COMPONENT = "components/keda-to-zero\n";

    private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

    private Overlays() {}

    /** All that are shipped, and what the guide makes of one of them. */
    static List<String> names() {
        try (Stream<Path> found = Files.list(K8S.resolve("overlays"))) {
            return Stream
                    .concat(found.map(path -> path.getFileName().toString()),
                            Stream.of(TO_ZERO, HTTPS, OWN_TOPICS, GENERATED))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String rendered(String overlay) {
        return RENDERED.computeIfAbsent(overlay, name -> NpmTools.kustomize(switch (name) {
            case TO_ZERO -> changed("production", "to-zero", Map.of(KEDA, TO_ZERO_COMPONENT));
            case HTTPS -> changed("production", "https", Map.of(
                    KEDA, TO_ZERO_COMPONENT, "images:\n", "  - ../../components/https\nimages:\n"));
            case OWN_TOPICS -> changed("production", "own-topics", Map.of(
                    "components/strimzi\n", "components/topics\n",
                    "/etc/waybill-secrets/kafka-ca.crt", "/etc/ssl/certs/ca-certificates.crt",
                    "images:\n", "  - ../../components/https\nimages:\n"));
            case GENERATED -> changed("dev", "dev-to-zero", Map.of(
                    "components:\n",
                    "components:\n  - ../../components/keda-to-zero\n  - ../../components/prometheus\n"));
            default -> K8S.resolve("overlays").resolve(name);
        }));
    }

    static Manifests manifests(String overlay) {
        return Manifests.of(rendered(overlay));
    }

    /**
     * A copy of an overlay with other texts in it.
     *
     * @param directory the copy's
     * @param changes   by the text that each replaces
     */
    private static Path changed(String overlay, String directory, Map<String, String> changes) {
        Path copy = Path.of("target", "overlays", directory);
        Path original = K8S.resolve("overlays").resolve(overlay);
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(original.relativize(file));
                Files.createDirectories(target.getParent());
                String text = Files.readString(file);
                for (var change : changes.entrySet()) {
                    text = text.replace(change.getKey(), change.getValue());
                }
                Files.writeString(target, text.replace("- ../../", "- ../../../../deploy/k8s/"));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
