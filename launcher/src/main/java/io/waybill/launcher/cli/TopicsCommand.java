package io.waybill.launcher.cli;

import io.waybill.launcher.cli.rights.AclListing;
import io.waybill.launcher.cli.strimzi.StrimziResources;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.TopicCatalog.Finding;
import io.waybill.runtime.topic.TopicCatalog.Outcome;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill topics}: the only command that creates topics in a real cluster. */
@Command(
        name = "topics",
        description = {
                "Creates missing topics and checks existing ones. Never changes an existing topic.",
                "With --acls it prints what each service may do in a cluster with access lists, and connects to nothing. Each"
                        + " line has the arguments of one 'kafka-acls.sh --add'.",
                "With --strimzi it prints the topics and the rights as KafkaTopic and KafkaUser (kafka.strimzi.io/v1), and"
                        + " connects to nothing."
        },
        footer = {
                "",
                "Examples:",
                "  waybill topics --config waybill.yaml",
                "  waybill topics --check-only --json",
                "  waybill topics --set topics.replication=1",
                "  waybill topics --acls | xargs -L1 kafka-acls.sh --bootstrap-server B --command-config C --add",
                "  waybill topics --strimzi --cluster kafka > kafka.yaml"
        })
final class TopicsCommand implements Callable<Integer> {
    private static final String DEFAULT_PREFIX = "waybill-";
    private static final String DEFAULT_CLUSTER = "kafka";

    private final Context context;

    @Option(names = "--check-only", description = "Creates no topic. A missing topic is a failure.")
    private boolean checkOnly;

    @Option(
            names = "--acls",
            description = "Prints the rights that each service needs. Creates and checks nothing.")
    private boolean acls;

    @Option(
            names = "--strimzi",
            description = "Prints the topics, and the rights that each service needs, for Strimzi. Creates and checks nothing.")
    private boolean strimzi;

    @Nullable
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "With --strimzi: the name of the Kafka resource. Default: " + DEFAULT_CLUSTER)
    private String cluster;

    @Nullable
    @Option(
            names = "--principal-prefix",
            paramLabel = "P",
            description = "With --acls or --strimzi: the Kafka user of a service is P and the name of the service. Default: "
                    + DEFAULT_PREFIX)
    private String principalPrefix;

    TopicsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        requireFittingOptions();
        if (acls) {
            AclListing.print(context, principalPrefix());
            return ExitCode.DONE.number();
        }
        if (strimzi) {
            StrimziResources.print(context, cluster == null ? DEFAULT_CLUSTER : cluster, principalPrefix());
            return ExitCode.DONE.number();
        }
        WaybillConfig config = context.configuration();
        List<Finding> findings;
        try (var admin = AdminClients.of(config);
                var serdes = DomainSerdes.from(config.serde())) {
            var topics = Topics.from(config.topics(), serdes);
            var catalog = new TopicCatalog(admin, config.topics().replication());
            findings = new ArrayList<>(checkOnly ? catalog.check(topics) : catalog.createOrCheck(topics));
            findings.addAll(catalog.checkChangelogs(Services.applications(config)));
        }
        print(findings);
        boolean good = findings.stream()
                .map(Finding::outcome)
                .allMatch(outcome -> outcome == Outcome.PRESENT || outcome == Outcome.CREATED);
        return (good ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private void requireFittingOptions() {
        if (acls && strimzi) {
            throw CommandException.usage("--acls and --strimzi print the same rights; give one of them");
        }
        if (checkOnly && (acls || strimzi)) {
            throw CommandException.usage((acls ? "--acls" : "--strimzi") + " checks nothing; leave --check-only out");
        }
        if (principalPrefix != null && !acls && !strimzi) {
            throw CommandException.usage("--principal-prefix has no effect without --acls or --strimzi");
        }
        if (cluster != null && !strimzi) {
            throw CommandException.usage("--cluster has no effect without --strimzi");
        }
    }

    private String principalPrefix() {
        return principalPrefix == null ? DEFAULT_PREFIX : principalPrefix;
    }

    private void print(List<Finding> findings) {
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(findings);
            return;
        }
        var table = new Table("TOPIC", ">PARTITIONS", "~STATE");
        for (Finding finding : findings) {
            String state = finding.outcome().name().toLowerCase(Locale.ROOT);
            table.row(
                    finding.topic(),
                    String.valueOf(finding.partitions()),
                    finding.fault().isEmpty() ? state : state + ": " + finding.fault());
        }
        terminal.result(table);
    }
}
