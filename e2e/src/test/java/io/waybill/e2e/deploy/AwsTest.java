package io.waybill.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.e2e.deploy.TerraformCopies.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rights that deploy/aws gives are those that the services need, and the check of that finds each fault. */
@RequiresDeployChecks
class AwsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IAM = "modules/iam/documents.tf";
    private static final String KMS = "modules/kms/policy.tf";
    private static final String QUEUE = """
            resource "aws_sqs_queue_policy" "this" {
              queue_url = "notifications"
              policy = jsonencode({ Version = "2012-10-17", Statement = [{
                Sid       = "Store"
                Effect    = "Allow"
                Principal = { Service = "s3.amazonaws.com" }
                Action    = ["sqs:SendMessage"]
                Resource  = "arn:aws:sqs:eu-central-1:123456789012:notifications"
                Condition = { %s }
              }] })
            }
            """;
    private static final String OUR_ACCOUNT = "StringEquals = { \"aws:SourceAccount\" = var.account }";

    @TempDir
    static Path copies;

    private static String said = "";

    static List<Fault> faults() {
        return List.of(
                new Fault(
                        "a-wildcard-action", IAM,
                        "[\"s3:GetObject\", \"s3:GetObjectVersion\"]\n    Resource = local.objects",
                        "[\"s3:Get*\"]\n    Resource = local.objects", "an action is no full name: s3:Get*"),
                new Fault(
                        "one-right-more", IAM,
                        "[\"s3:GetObject\", \"s3:GetObjectVersion\"]\n    Resource = local.objects",
                        "[\"s3:GetObject\", \"s3:GetObjectVersion\", \"s3:PutObject\"]\n    Resource = local.objects",
                        "the rights are not"),
                new Fault(
                        "the-whole-bucket", IAM, "${route.bucket}/${route.prefix}*", "${route.bucket}/*",
                        "the objects are not those of the routes"),
                new Fault(
                        "every-bucket", IAM, "Resource = \"arn:${var.partition}:s3:::${bucket}\"", "Resource = \"*\"",
                        "a resource is not named"),
                new Fault(
                        "the-prefixes-of-other-buckets", IAM, " if route.bucket == bucket", "",
                        "the prefixes of arn:aws:s3:::example-outbound are not those of its routes"),
                new Fault(
                        "a-bucket-of-anybody", IAM,
                        "StringEquals = { \"aws:ResourceAccount\" = var.account }\n    }\n  }",
                        "}\n  }", "a bucket of another account may have the name"),
                new Fault(
                        "all-but-one", IAM, "Effect    = \"Deny\"",
                        "Effect    = \"Deny\"\n    NotResource = [\"a\"]", "NotResource gives what nobody has named"),
                new Fault(
                        "plain-http", IAM, "\"aws:SecureTransport\" = \"false\"", "\"aws:SecureTransport\" = \"true\"",
                        "requests without TLS are not denied"),
                new Fault(
                        "any-service-account", IAM, "${var.namespace}:waybill-${service}", "${var.namespace}:*",
                        "other service accounts may take the role"),
                new Fault(
                        "decrypts-anything", IAM, "{ \"kms:ViaService\" = \"s3.${var.region}.amazonaws.com\" }", "{}",
                        "it decrypts what does not come from S3"),
                new Fault(
                        "decrypts-with-any-key", IAM, "Resource = var.key_arn",
                        "Resource = \"arn:aws:kms:eu-central-1:123456789012:key/*\"",
                        "it decrypts with another key than that of the objects"),
                new Fault(
                        "decrypts-any-object", IAM, "concat(local.bucket_arns, local.objects) }\n    }",
                        "[\"arn:aws:s3:::*\"] }\n    }", "it decrypts objects of no route"),
                new Fault(
                        "rights-for-a-service-that-needs-none", IAM, "\"transfer-worker\" = {", "\"audit-service\" = {",
                        "only ingest-service,transfer-worker have rights"),
                new Fault(
                        "administrators-who-read", KMS, "\"kms:DescribeKey\",\n      \"kms:DisableKey\"",
                        "\"kms:Decrypt\",\n      \"kms:DisableKey\"",
                        "Administration: who administers or shares the key reads"),
                new Fault(
                        "a-key-for-everybody", KMS, "{ AWS = var.administrators }", "{ AWS = \"*\" }",
                        "a principal is not named"),
                new Fault(
                        "logs-of-anybody", KMS, "logs:${var.region}:${var.account}:log-group",
                        "logs:${var.region}:*:log-group",
                        "logs.eu-central-1.amazonaws.com may act for other accounts"),
                new Fault(
                        "a-key-for-ever", "modules/kms/main.tf", "enable_key_rotation     = true",
                        "enable_key_rotation     = false", "the key does not rotate"),
                new Fault(
                        "a-key-gone-in-a-week", "modules/kms/main.tf", "deletion_window_in_days = 30",
                        "deletion_window_in_days = 7", "less than 30 days"),
                new Fault(
                        "plain-logs", "modules/logs/main.tf", "kms_key_id        = var.key_arn",
                        "kms_key_id        = null",
                        "the logs are not encrypted"),
                new Fault(
                        "logs-for-ever", "modules/logs/main.tf", "= var.retention_days", "= 0",
                        "the logs are kept for ever"),
                new Fault("a-prefix-that-is-none", "example.tfvars", "\"prices/\"", "\"*/\"",
                        "A prefix has no wildcard"),
                new Fault(
                        "a-bucket-that-is-none", "example.tfvars", "\"example-inbound\"", "\"example-*\"",
                        "A bucket is named in full"),
                new Fault("a-forgotten-argument", "main.tf", "  namespace             = var.namespace\n", "",
                        "needs namespace"),
                new Fault("a-name-that-is-none", "outputs.tf", "module.iam.role_arns", "module.iam.roles",
                        "no output roles"),
                new Fault(
                        "a-queue-of-another", IAM, "Resource = arn", "Resource = \"arn:aws:sqs:eu-central-1:1:other\"",
                        "it reads other queues: arn:aws:sqs:eu-central-1:1:other"),
                new Fault(
                        "a-right-to-send", IAM, "\"sqs:ReceiveMessage\", \"sqs:DeleteMessage\"",
                        "\"sqs:SendMessage\", \"sqs:ReceiveMessage\", \"sqs:DeleteMessage\"", "the rights are not"),
                new Fault(
                        "any-bucket-sends", "modules/queue/policy.tf",
                        "[for bucket in local.buckets : \"arn:${var.partition}:s3:::${bucket}\"]",
                        "[\"arn:aws:s3:::*\"]",
                        "buckets may send that no route names"),
                new Fault(
                        "messages-in-the-open", "modules/queue/main.tf", "sqs_managed_sse_enabled    = true",
                        "sqs_managed_sse_enabled    = false", "its messages are not encrypted"),
                new Fault(
                        "every-object-notifies", "modules/queue/main.tf", "filter_prefix = queue.value",
                        "filter_prefix = \"\"", "it notifies of other prefixes than those of the routes"),
                new Fault(
                        "removals-notify", "modules/queue/main.tf", "\"s3:ObjectRestore:Completed\"",
                        "\"s3:ObjectRemoved:*\"", "it notifies of other events than arrivals"),
                new Fault("no-sender-named", "queue.tf", "", QUEUE.formatted(OUR_ACCOUNT),
                        "buckets may send that no route names"),
                new Fault(
                        "another-sender", "queue.tf", "",
                        QUEUE.formatted(
                                OUR_ACCOUNT + "\nArnEquals = { \"aws:SourceArn\" = \"arn:aws:s3:::stranger\" }"),
                        "buckets may send that no route names: arn:aws:s3:::stranger"),
                new Fault(
                        "a-bucket-that-changed-hands", "queue.tf", "",
                        QUEUE.formatted("ArnEquals = { \"aws:SourceArn\" = \"arn:aws:s3:::example-inbound\" }"),
                        "s3.amazonaws.com may act for other accounts"));
    }

    /** A queue that is as it should be. */
    private static Fault none() {
        return new Fault(
                "nothing", "queue.tf", "",
                QUEUE.formatted(OUR_ACCOUNT + "\nArnEquals = { \"aws:SourceArn\" = \"arn:aws:s3:::example-inbound\" }"),
                "");
    }

    @BeforeAll
    static void checkAll() {
        var all = new TerraformCopies(copies);
        List<Fault> made = Stream.concat(faults().stream(), Stream.of(none())).toList();
        all.make(made);
        var result = checks().run("aws.mjs", made.stream().map(fault -> all.of(fault).toString()).toList());
        assertThat(result.code()).as(result.output()).isOne();
        said = result.output();
    }

    private static NodeScripts checks() {
        return DeployChecks.scripts().orElseThrow();
    }

    private static List<String> saidOf(Fault fault) {
        String start = new TerraformCopies(copies).of(fault) + ": ";
        return said.lines().filter(line -> line.startsWith(start)).toList();
    }

    @Test
    void shouldFindNoFaultInWhatIsShipped() {
        assertThat(checks().run("aws.mjs", List.of(TerraformCopies.SHIPPED.toString())))
                .isEqualTo(new NodeScripts.Result(0, ""));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldFindEachFaultThatSomebodyMayMake(Fault fault) {
        assertThat(saidOf(fault)).anyMatch(line -> line.contains(fault.fault()));
    }

    @Test
    void shouldFindNoFaultInAQueueToWhichOnlyANamedBucketOfOursMaySend() {
        assertThat(saidOf(none())).isEmpty();
    }

    @Test
    void shouldGiveRightsForTheRoutesOfTheExampleConfiguration() throws IOException {
        JsonNode example = JSON.readTree(
                checks().run("aws.mjs", List.of("--routes", TerraformCopies.SHIPPED.toString())).output());
        var configuration = (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Path.of("../deploy/waybill.yaml")));
        JsonNode routes = JSON.valueToTree(Objects.requireNonNull(configuration.get("routes")));

        ObjectNode expected = JSON.createObjectNode();
        routes.properties().forEach(route -> expected.putObject(route.getKey())
                .put("bucket", route.getValue().at("/source/bucket").asText())
                .put("prefix", route.getValue().at("/source/prefix").asText()));
        assertThat(example).isEqualTo(expected);
    }

    @Test
    @RequiresPrograms("terraform")
    void shouldEvaluateTheDocumentsAsTerraformDoes() throws IOException, InterruptedException {
        Path module = Files.createDirectory(copies.resolve("console"));
        for (String file : List.of("documents.tf", "variables.tf")) {
            Files.copy(TerraformCopies.SHIPPED.resolve("modules/iam").resolve(file), module.resolve(file));
        }
        Files.writeString(
                module.resolve("terraform.tfvars"),
                Files.readString(TerraformCopies.SHIPPED.resolve("example.tfvars"))
                        .replaceAll("(?m)^(key_administrators|writers|log_retention_days|queue) .*", "")
                        + "\nqueue_arns = [\"arn:aws:sqs:eu-central-1:123456789012:waybill-production-notifications\"]"
                        + "\npartition = \"aws\"\nkey_arn = \"<module.objects_key.aws_kms_key.this.arn>\"\n");
        String printed = terraform(module, "jsonencode([local.documents, local.trust])", "console");
        JsonNode theirs = JSON.readTree(JSON.readTree(printed).textValue());

        JsonNode policies = JSON.readTree(
                checks().run("aws.mjs", List.of("--policies", TerraformCopies.SHIPPED.toString())).output());
        assertThat(documents(policies, "aws_iam_role_policy")).isEqualTo(theirs.get(0)).hasSize(2);
        assertThat(documents(policies, "aws_iam_role")).isEqualTo(theirs.get(1)).hasSize(2);
    }

    private static ObjectNode documents(JsonNode policies, String type) {
        ObjectNode documents = JSON.createObjectNode();
        policies.forEach(policy -> {
            if (policy.get("type").textValue().equals(type)) {
                String service = policy.get("address").textValue().replaceAll(".*\\[\"|\"]", "");
                documents.set(service, policy.get("document"));
            }
        });
        return documents;
    }

    @Test
    @RequiresPrograms("terraform")
    void shouldBeFormattedAsTerraformFormats() throws IOException, InterruptedException {
        assertThat(terraform(TerraformCopies.SHIPPED, "", "fmt", "-check", "-recursive")).isEmpty();
    }

    private static String terraform(Path directory, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("terraform"), Stream.of(arguments)).toList();
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("TF_CLI_CONFIG_FILE", "/dev/null");
        builder.environment().put("CHECKPOINT_DISABLE", "1");
        Process process = builder.redirectErrorStream(true).start();
        process.outputWriter(StandardCharsets.UTF_8).append(input).close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
