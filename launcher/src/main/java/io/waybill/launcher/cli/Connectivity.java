package io.waybill.launcher.cli;

import io.waybill.domain.Route;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Texts;
import io.waybill.domain.TransferException;
import io.waybill.launcher.cli.CheckCommand.Finding;
import io.waybill.launcher.cli.rights.RightsCheck;
import io.waybill.launcher.environment.ErrorMessages;
import io.waybill.runtime.config.ConfigWarning;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClusterCheck;
import io.waybill.runtime.wire.RegistryCheck;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.SftpConnector;
import io.waybill.store.ObjectCatalog;
import io.waybill.store.ObjectStore;
import io.waybill.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;

/** Checks everything that a configuration names: does it answer, and does it let Waybill in? */
final class Connectivity {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final WaybillConfig config;
    private final List<String> services;

    /** @param services whose rights the Kafka user must have; empty if those of one are enough */
    Connectivity(WaybillConfig config, List<String> services) {
        this.config = config;
        this.services = services;
    }

    /** Returns one finding after the other. The listener gets each finding as soon as it is known. */
    List<Finding> check(Consumer<Finding> listener) {
        var findings = new ArrayList<Finding>();
        Consumer<Finding> found = finding -> {
            findings.add(finding);
            listener.accept(finding);
        };
        Finding kafka = kafka();
        found.accept(kafka);
        if (kafka.ok()) {
            found.accept(rights());
        }
        for (String url : config.serde().getOrDefault("schema.registry.url", "").split("\\s*,\\s*", -1)) {
            found.accept(registry(url));
        }
        buckets().forEach(found);
        try (var connector = new SftpConnector()) {
            config.destinations().values().forEach(one -> found.accept(destination(connector, one)));
        }
        return findings;
    }

    private Finding kafka() {
        String subject = "kafka " + config.kafka().get("bootstrap.servers");
        try (var admin = AdminClients.of(config)) {
            var cluster = admin.describeCluster();
            int brokers = cluster.nodes().get(LIMIT.toSeconds(), TimeUnit.SECONDS).size();
            String id = cluster.clusterId().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return ClusterCheck.fault(admin)
                    .map(fault -> Finding.bad(subject, fault.message()))
                    .orElseGet(() -> Finding.good(subject, "cluster " + id + " with " + brokers
                            + (brokers == 1 ? " broker" : " brokers") + ", fit for exactly-once"));
        } catch (ExecutionException e) {
            return Finding.bad(subject, "no answer: " + ErrorMessages.of(e).message());
        } catch (TimeoutException e) {
            return Finding.bad(subject, "no answer within " + LIMIT.toSeconds() + " s");
        } catch (KafkaException e) {
            return Finding.bad(subject, ErrorMessages.of(e).message());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Finding rights() {
        String subject = "rights in Kafka";
        try (var admin = AdminClients.of(config)) {
            RightsCheck check = RightsCheck.of(config, admin, services);
            return new Finding(subject, check.ok(), check.detail());
        } catch (KafkaException e) {
            return Finding.bad(subject, ErrorMessages.of(e).message());
        }
    }

    private Finding registry(String url) {
        String subject = "schema registry " + Texts.masked(url);
        try {
            int status = RegistryCheck.status(config.serde(), url, LIMIT);
            return status == 200
                    ? Finding.good(subject, "answers")
                    : Finding.bad(subject, RegistryCheck.refusal(status));
        } catch (IOException e) {
            return Finding.bad(subject, "no connection: " + ErrorMessages.of(e).message());
        } catch (ConfigException e) {
            return Finding.bad(subject, ErrorMessages.of(e).message());
        } catch (IllegalArgumentException e) {
            return Finding.bad(subject, "is no address of http or https");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private List<Finding> buckets() {
        try (var store = ObjectStore.catalog(config.s3())) {
            return config.routes().values().stream()
                    .map(route -> route.source().bucket())
                    .distinct()
                    .map(bucket -> bucket(store, bucket))
                    .toList();
        }
    }

    private static Finding bucket(ObjectCatalog store, String bucket) {
        try {
            store.requireBucket(bucket);
            return Finding.good("bucket " + bucket, "is there");
        } catch (StoreException e) {
            return Finding.bad("bucket " + bucket, String.valueOf(e.getMessage()));
        }
    }

    /** The routes into whose reach nothing has come yet. They may wait for files that land elsewhere. */
    List<ConfigWarning> silentRoutes() {
        try (var store = ObjectStore.catalog(config.s3())) {
            return config.routes().values().stream()
                    .filter(route -> isEmpty(store, route.source()))
                    .map(Connectivity::silent)
                    .toList();
        }
    }

    /** False also if the store does not say. */
    private static boolean isEmpty(ObjectCatalog store, SourceFilter source) {
        try {
            store.requireBucket(source.bucket());
            store.list(source.bucket(), source.prefix(), _ -> {
                throw new ThereIsOneException();
            });
            return true;
        } catch (StoreException | ThereIsOneException e) {
            return false;
        }
    }

    /** Ends a listing. */
    private static final class ThereIsOneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ThereIsOneException() {
            super("there is an object", null, false, false);
        }
    }

    private static ConfigWarning silent(Route route) {
        SourceFilter source = route.source();
        String what = source.prefix().isEmpty()
                ? "the bucket '" + source.bucket() + "' is empty"
                : "the bucket '" + source.bucket() + "' has no object whose key begins with '" + source.prefix() + "'";
        return new ConfigWarning("routes." + route.name() + ".source", true,
                what + ": if files should be there, they land in another place than this route looks at");
    }

    private static Finding destination(SftpConnector connector, DestinationConfig destination) {
        String subject =
                "destination " + destination.name() + " (" + destination.user() + "@" + destination.host() + ":"
                        + destination.port() + ")";
        try (RemoteFiles files = connector.connect(destination)) {
            return Finding.good(subject, "host key and login accepted; offers " + files.capabilities());
        } catch (TransferException e) {
            return Finding.bad(subject, e.failure().toString());
        }
    }
}
