package io.waybill.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.e2e.deploy.Jenkinsfile.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipelines are what GitHub and Jenkins can read, and do things in an order in which nothing bad is published. */
class PipelinesTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path WORKFLOWS = REPOSITORY.resolve(".github/workflows");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w./-])(\\./\\w+|(?:deploy|build-support)/[\\w/.-]+)");

    private static Jenkinsfile jenkinsfile(String name) {
        return Jenkinsfile.read(REPOSITORY.resolve(name));
    }

    @Test
    @RequiresDeployChecks
    void shouldHaveWorkflowsWithoutAFault() throws IOException {
        assertThat(lint(workflows())).isEqualTo(new NodeScripts.Result(0, ""));
    }

    private static List<Path> workflows() throws IOException {
        try (var files = Files.list(WORKFLOWS)) {
            return files.sorted().toList();
        }
    }

    private static NodeScripts.Result lint(List<Path> files) {
        return DeployChecks.scripts().orElseThrow().run("workflows.mjs", files.stream().map(Path::toString).toList());
    }

    /** One run for all of them: the linter takes seconds to start. */
    @Test
    @RequiresDeployChecks
    void shouldFindEachFaultOfAWorkflow(@TempDir Path directory) throws IOException {
        List<Fault> faults = List.of(
                new Fault("build.yaml", "runs-on: ubuntu-24.04", "runs-on: nowhere", "label \"nowhere\" is unknown"),
                new Fault("build.yaml", "timeout-minutes:", "time-out:", "unexpected key \"time-out\""),
                new Fault(
                        "build.yaml", "checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "checkout@v5",
                        "actions/checkout@v5 is not pinned by its commit"),
                new Fault("build.yaml", "permissions:", "defaults:", "the rights of the token are not named"),
                new Fault("release.yaml", "needs: verify", "needs: verified",
                        "needs job \"verified\" which does not exist"),
                new Fault("rollout.yaml", "inputs.image", "inputs.picture", "property \"picture\" is not defined"),
                new Fault("rollout.yaml", "github.workspace", "github.workplace",
                        "property \"workplace\" is not defined"));
        var copies = new ArrayList<Path>();
        for (Fault fault : faults) {
            String text = Files.readString(WORKFLOWS.resolve(fault.file()));
            assertThat(text).contains(fault.from());
            Path copy = directory.resolve(copies.size() + "-" + fault.file());
            copies.add(Files.writeString(copy, text.replace(fault.from(), fault.to())));
        }

        NodeScripts.Result result = lint(copies);

        assertThat(result.code()).as(result.output()).isOne();
        for (int i = 0; i < faults.size(); i++) {
            String start = copies.get(i) + ":";
            assertThat(result.output().lines().filter(line -> line.startsWith(start)))
                    .anyMatch(faults.get(i)::isSaidIn);
        }
    }

    private record Fault(String file, String from, String to, String said) {
        boolean isSaidIn(String line) {
            return line.contains(said);
        }
    }

    @Test
    void shouldCallOnlyScriptsThatThereAre() throws IOException {
        var texts = new ArrayList<String>();
        for (Path workflow : workflows()) {
            texts.add(Files.readString(workflow));
        }
        for (String name : List.of("Jenkinsfile", "Jenkinsfile.infrastructure")) {
            jenkinsfile(name).calls().stream().filter(call -> call.name().equals("sh")).map(Call::text)
                    .forEach(texts::add);
        }
        List<String> called = texts.stream()
                .flatMap(text -> SCRIPT.matcher(text.replaceAll("(?m)^ *#.*", "")).results())
                .map(found -> found.group(1))
                .filter(path -> !path.endsWith(".tfplan"))
                .distinct()
                .toList();
        assertThat(called).contains("./verify", "deploy/rollout", "deploy/image/build", "build-support/dist")
                .allSatisfy(script -> assertThat(REPOSITORY.resolve(script)).exists());
    }

    @Test
    void shouldVerifyAndScanBeforeItPublishesAndPublishBeforeItRollsOut() {
        Jenkinsfile pipeline = jenkinsfile("Jenkinsfile");

        assertThat(pipeline.stages().keySet()).containsSubsequence(
                "Build and verify", "Image and archive", "Scan", "Publish", "Topics", "Roll out or take back");
        assertThat(pipeline.shell("Build and verify")).containsExactly("./verify");
        assertThat(pipeline.stage("Publish")).extracting(Call::name).contains("buildingTag", "withCredentials");
        assertThat(pipeline.stage("Roll out or take back")).extracting(Call::name).contains("buildingTag", "aborted");
        assertThat(pipeline.shell("Roll out or take back"))
                .satisfiesExactly(
                        run -> assertThat(run).startsWith("deploy/rollout run --image"),
                        aborted -> assertThat(aborted).startsWith("deploy/rollout withdraw"));
    }

    @Test
    void shouldChangeTheInfrastructureOnlyByAPlanThatAPersonApproved() {
        Jenkinsfile pipeline = jenkinsfile("Jenkinsfile.infrastructure");

        assertThat(pipeline.stages().keySet())
                .containsSubsequence("Check", "Init", "Plan", "Approve", "Apply", "Destroy");
        assertThat(pipeline.stage("Approve")).filteredOn(call -> call.name().equals("input"))
                .singleElement()
                .satisfies(input -> assertThat(input.named()).containsKeys("message", "submitter"));
        List<String> applying = pipeline.calls().stream()
                .filter(call -> call.name().equals("sh"))
                .map(Call::text)
                .filter(text -> text.contains(" apply"))
                .toList();
        assertThat(applying).hasSize(2)
                .allMatch(text -> text.equals("terraform -chdir=deploy/aws apply waybill.tfplan"));
        assertThat(pipeline.shell("Apply")).hasSize(1);
        assertThat(pipeline.stage("Destroy")).extracting(Call::name).contains("triggeredBy");
    }

    @Test
    void shouldTakeAWebhookByATokenThatDoesNotStandInTheFile() {
        assertThat(jenkinsfile("Jenkinsfile.infrastructure").calls())
                .filteredOn(call -> call.name().equals("GenericTrigger"))
                .singleElement()
                .satisfies(trigger -> assertThat(trigger.named())
                        .containsEntry("tokenCredentialId", "waybill-infrastructure-webhook")
                        .doesNotContainKey("token"));
    }

    @Test
    void shouldFindWhatGroovyCannotRead() throws IOException {
        String text = Files.readString(REPOSITORY.resolve("Jenkinsfile"));

        assertThatThrownBy(() -> Jenkinsfile.parsed(text.replace("sh './verify'", "sh './verify")))
                .isInstanceOf(MultipleCompilationErrorsException.class);
    }
}
