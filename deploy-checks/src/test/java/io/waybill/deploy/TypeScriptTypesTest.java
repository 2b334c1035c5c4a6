package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.testkit.npm.NpmTools;
import io.waybill.testkit.npm.RequiresNpm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each resource as a literal of its type in TypeScript, where a field that the type does not have is an error. */
@RequiresNpm
final class TypeScriptTypesTest {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** KEDA's resources, and those of Kubernetes itself. */
    private static boolean hasType(Resource resource) {
        String group = Tree.text(resource.content(), "apiVersion");
        return group.startsWith("keda.sh/") || !group.contains(".") || group.endsWith(".k8s.io/v1");
    }

    private static String literal(Resource resource) {
        String group = Tree.text(resource.content(), "apiVersion");
        String module = (group.startsWith("keda.sh/") ? "@kubernetes-models/keda/" : "kubernetes-models/") + group + "/"
                + resource.kind();
        try {
            return "(" + JSON.writeValueAsString(resource.content()) + " satisfies import(\"" + module + "\").I"
                    + resource.kind() + ");\n";
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** What the compiler says about literals, one file for each; empty if it accepts them. */
    private static String compile(String name, List<String> literals) throws IOException, InterruptedException {
        Path tools = NpmTools.directory().orElseThrow();
        // Where the compiler finds the types beside it.
        Path directory = Files.createDirectories(tools.resolve("literals-" + name));
        var command = new ArrayList<>(List.of(
                "node", tools.resolve("node_modules/typescript/bin/tsc").toString(), "--noEmit", "--strict",
                "--skipLibCheck",
                "--pretty", "false", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"));
        for (int i = 0; i < literals.size(); i++) {
            Path file = directory.resolve(i + ".mts");
            Files.writeString(file, literals.get(i));
            command.add(file.toString());
        }
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        compiler.getOutputStream().close();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor() == 0).isEqualTo(said.isEmpty());
        return said;
    }

    @Test
    void shouldCompileEveryOverlay() throws IOException, InterruptedException {
        List<String> literals = Overlays.names().stream()
                .flatMap(overlay -> Overlays.manifests(overlay).all().stream())
                .filter(TypeScriptTypesTest::hasType)
                .map(TypeScriptTypesTest::literal)
                .distinct()
                .toList();

        assertThat(literals).hasSizeGreaterThan(20).anyMatch(one -> one.contains(".IScaledObject"));
        assertThat(compile("good", literals)).isEmpty();
    }

    @Test
    void shouldNoticeAFieldThatNobodyKnows() throws IOException, InterruptedException {
        String all = Overlays.names().stream()
                .flatMap(overlay -> Overlays.manifests(overlay).all().stream())
                .filter(TypeScriptTypesTest::hasType)
                .map(TypeScriptTypesTest::literal)
                .distinct()
                .collect(Collectors.joining());

        String said = compile("bad", List.of(
                all.replace("minReplicaCount", "minReplicas"),
                all.replace("\"image\"", "\"imagee\""),
                all.replace("secretTargetRef", "secretRef")));

        assertThat(said).contains("'\"minReplicas\"' does not exist").contains("'\"imagee\"' does not exist")
                .contains("'\"secretRef\"' does not exist");
    }
}
