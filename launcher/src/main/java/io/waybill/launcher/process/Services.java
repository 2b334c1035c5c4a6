package io.waybill.launcher.process;

import io.waybill.audit.AuditRegistration;
import io.waybill.ingest.IngestRegistration;
import io.waybill.monitor.MonitorRegistration;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.rights.Grant;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.state.StateRegistration;
import io.waybill.worker.WorkerRegistration;
import io.waybill.worker.WorkerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The services that a process can run. Name a new service here, and nowhere else outside its module. */
public final class Services {
    /** In the order in which a process makes them. */
    public static final List<ServiceRegistration> ALL = List.of(
            new IngestRegistration(),
            new StateRegistration(),
            new WorkerRegistration(),
            new MonitorRegistration(),
            new AuditRegistration());

    private Services() {}

    /** The names of the services. */
    public static List<String> names() {
        return ALL.stream().map(ServiceRegistration::name).toList();
    }

    /**
     * Returns the sections of the configuration that belong to one service each. Every process reads all of them,
     * whichever services it runs. So it reports a misspelt key of any service, and accepts a correct one.
     */
    public static List<OwnSection<?>> sections() {
        return ALL.stream().flatMap(service -> service.sections().stream()).toList();
    }

    /** The id of the worker among these services; empty if there is none. */
    public static Optional<String> workerId(List<ServiceRegistration> services, WaybillConfig config) {
        return services.stream()
                .anyMatch(service -> service.sections().contains(WorkerSettings.SECTION))
                        ? Optional.of(config.of(WorkerSettings.SECTION).id())
                        : Optional.empty();
    }

    /** Returns the service with this name; empty if there is none. */
    public static Optional<ServiceRegistration> of(String name) {
        return ALL.stream().filter(service -> service.name().equals(name)).findFirst();
    }

    /** Returns all services except one. */
    public static List<ServiceRegistration> except(String name) {
        return ALL.stream().filter(service -> !service.name().equals(name)).toList();
    }

    /** What each service may do in Kafka, by the names of the services. */
    public static Map<String, List<Grant>> grants(WaybillConfig config) {
        try (var serdes = DomainSerdes.from(config.serde())) {
            var topics = Topics.from(config.topics(), serdes);
            var grants = new LinkedHashMap<String, List<Grant>>();
            ALL.forEach(service -> grants.put(service.name(), service.grants(config.topics().prefix(), topics)));
            return grants;
        }
    }

    /** The topics that these services read or write. They may know nothing of the others. */
    public static List<? extends Topic<?, ?>> topicsOf(
            List<ServiceRegistration> services, WaybillConfig config, Topics topics) {
        List<Grant> grants = services.stream()
                .flatMap(service -> service.grants(config.topics().prefix(), topics).stream())
                .filter(Grant::usesTopic)
                .toList();
        return topics.all().stream()
                .filter(topic -> grants.stream().anyMatch(grant -> grant.name().equals(topic.name())))
                .toList();
    }

    /** The Kafka Streams application ids of the services that use Kafka Streams. */
    public static List<String> applications(WaybillConfig config) {
        return ALL.stream()
                .filter(ServiceRegistration::streamsApplication)
                .map(service -> config.topics().prefix() + service.name())
                .toList();
    }
}
