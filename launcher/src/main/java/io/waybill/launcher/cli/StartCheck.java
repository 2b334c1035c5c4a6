package io.waybill.launcher.cli;

import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.process.StateDirectory;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClusterCheck;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.RegistryCheck;
import io.waybill.store.StoreLogin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/** Refuses faults at the start that would otherwise appear later as strange failures, or as waiting without end. */
final class StartCheck {
    /** Services wait for a registry. A start waits only until it is clear whether it lets them in. */
    private static final Duration REGISTRY_LIMIT = Duration.ofSeconds(5);

    private StartCheck() {}

    /**
     * Checks what these services need.
     *
     * @throws BadConfigurationException if somebody must correct the configuration; its problems name the keys
     * @throws CommandException          if the cluster is not fit for now
     */
    static void require(WaybillConfig config, List<ServiceRegistration> wanted, Topics topics, Logger log)
            throws InterruptedException {
        if (wanted.stream().anyMatch(ServiceRegistration::streamsApplication)) {
            StateDirectory.require(config.streams().stateDirectory());
        }
        requireKafka(config, wanted, topics, log);
        requireRegistry(config);
        if (wanted.stream().anyMatch(ServiceRegistration::usesStore)) {
            requireStore(config, log);
        }
    }

    private static void requireKafka(
            WaybillConfig config, List<ServiceRegistration> wanted, Topics topics, Logger log) {
        try (var admin = AdminClients.of(config)) {
            ClusterCheck.fault(admin).ifPresent(fault -> {
                throw fault.ofConfiguration()
                        ? new BadConfigurationException(List.of("kafka: " + fault.message()))
                        : CommandException.failed("Kafka: " + fault.message());
            });
            var catalog = new TopicCatalog(admin, config.topics().replication());
            String faults = TopicCatalog.faults(catalog.check(Services.topicsOf(wanted, config, topics)));
            if (!faults.isEmpty()) {
                throw new BadConfigurationException(faults.lines().toList());
            }
            // This is a warning and not a refusal: Kafka Streams made these topics with the settings of an earlier
            // version, and can continue with them.
            catalog.checkChangelogs(Services.applications(config)).stream()
                    .filter(finding -> finding.outcome() == TopicCatalog.Outcome.WRONG)
                    .forEach(finding -> log.atWarn()
                            .addKeyValue("topic", finding.topic())
                            .addKeyValue("fault", finding.fault())
                            .log("A changelog lacks settings that its store needs to survive the loss of a broker"));
        }
    }

    /** A bucket that is refused is a warning: files of other buckets can be delivered, and rights come without a restart. */
    private static void requireStore(WaybillConfig config, Logger log) {
        List<String> buckets = config.routes().values().stream()
                .map(route -> route.source().bucket())
                .distinct()
                .toList();
        StoreLogin.refusal(config.s3(), buckets).ifPresent(refusal -> {
            if (refusal.ofKeys()) {
                throw new BadConfigurationException(List.of(refusal.message()));
            }
            log.atWarn()
                    .addKeyValue("failure", refusal.message())
                    .log("The store refuses a bucket of a route; its files wait");
        });
    }

    private static void requireRegistry(WaybillConfig config) throws InterruptedException {
        Optional<String> fault;
        try {
            fault = RegistryCheck.refusedLogin(config.serde(), REGISTRY_LIMIT);
        } catch (IllegalArgumentException e) {
            fault = Optional.of("schema.registry.url: is no address of http or https");
        }
        fault.ifPresent(text -> {
            throw new BadConfigurationException(List.of(text));
        });
    }
}
