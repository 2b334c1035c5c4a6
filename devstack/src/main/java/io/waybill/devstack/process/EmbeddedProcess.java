package io.waybill.devstack.process;

import io.waybill.devstack.servers.EmbeddedStack;
import io.waybill.devstack.servers.StackEndpoints;
import io.waybill.devstack.servers.StackListener;
import io.waybill.devstack.servers.StackSettings;
import io.waybill.launcher.process.Closings;
import io.waybill.launcher.process.ServiceProcess;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.process.StartListener;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.store.ObjectStore;
import io.waybill.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;

/**
 * The embedded stack and all services on it. One thread starts, awaits and closes it. Any thread may ask it to stop.
 */
public final class EmbeddedProcess implements AutoCloseable {
    /** A service that cannot start says so at once. So this is only for a machine that is busy with other things. */
    private static final Duration READY_LIMIT = Duration.ofMinutes(15);

    /** Longer than for services alone: here they share one machine with all servers. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    /** On a busy machine Kafka and the registry each take their whole time. */
    private static final Duration SERVERS_PATIENCE = Duration.ofSeconds(40);

    private static final String STAND_IN = "WAYBILL_STAND_IN";

    private final Settings settings;
    private final ProcessClock clock;
    private final EmbeddedConfiguration embedded;
    private final Optional<UserConfiguration> user;
    private final Closing closing = new Closing();
    private final StopRequest stop = new StopRequest();

    /**
     * @param data      absolute; the process makes it if it does not exist
     * @param userFile  adds its own routes, destinations and login
     * @param overrides flags of the user and the environment
     * @param flush     whether Kafka writes every record to disk before it acknowledges the record
     * @param buckets   buckets of routes that are to be made even if their names seem to be mistyped
     * @param services  the services that run here; without any, the HTTP port stays free for services that run
     *                  elsewhere
     */
    public record Settings(
            Path data, EmbeddedPorts ports, Optional<Path> userFile, Overrides overrides, boolean flush,
            Set<String> buckets, List<ServiceRegistration> services) {
        /** Settings without such buckets. */
        public Settings(
                Path data, EmbeddedPorts ports, Optional<Path> userFile, Overrides overrides, boolean flush,
                List<ServiceRegistration> services) {
            this(data, ports, userFile, overrides, flush, Set.of(), services);
        }
    }

    /**
     * The parts of a process that is ready.
     *
     * @param configurationFile leads the other commands to this process
     * @param services          empty if only the servers run here
     */
    public record Running(
            WaybillConfig config, StackEndpoints stack, Path configurationFile, Optional<ServiceProcess> services) {}

    public EmbeddedProcess(Settings settings, ProcessClock clock) {
        this.settings = settings;
        this.clock = clock;
        embedded = new EmbeddedConfiguration(settings.data());
        user = settings.userFile().map(UserConfiguration::new);
    }

    /**
     * Returns when all services are at work.
     *
     * @return empty if somebody asked to stop before that
     * @throws BadConfigurationException                  before anything is started
     * @throws io.waybill.devstack.servers.StackException before anything is started
     */
    public Optional<Running> start(StartListener listener) throws IOException, InterruptedException {
        try (var _ = stop.interrupting(Thread.currentThread())) {
            return Optional.of(startAll(listener));
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (stop.requested()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Running startAll(StartListener listener) throws IOException, InterruptedException {
        WaybillConfig checked = preflight();
        requireBuckets(checked);
        int httpPort = freeHttpPort(settings.ports().http());
        StackEndpoints endpoints = startStack(checked, listener);
        embedded.writeSecrets();
        String text = text(endpoints, httpPort);
        embedded.write(text);
        WaybillConfig config = WaybillConfig.parse(
                embedded.file().toString(),
                text,
                overrides(embedded.infrastructure(endpoints, httpPort), Map.of()),
                Services.sections());
        makeBuckets(config);
        return new Running(config, endpoints, embedded.file(), startServices(config, listener));
    }

    private Optional<ServiceProcess> startServices(WaybillConfig config, StartListener listener)
            throws InterruptedException {
        if (settings.services().isEmpty()) {
            return Optional.empty();
        }
        var services = closing.add(new ServiceProcess(config, settings.services(), clock, patience(config)));
        stop.onRequest(services::stop);
        services.start(listener);
        if (!services.awaitReady(listener, READY_LIMIT, clock)) {
            throw new InterruptedException("asked to stop while starting");
        }
        return Optional.of(services);
    }

    private static Duration patience(WaybillConfig config) {
        Duration asked = config.shutdown().services();
        return asked.compareTo(STOP_PATIENCE) > 0 ? asked : STOP_PATIENCE;
    }

    /** How long this process may take to stop: after the services, Kafka and the registry stop. */
    public static Duration stopLimit(WaybillConfig config) {
        return patience(config).plus(SERVERS_PATIENCE);
    }

    /**
     * The keys of the user's file that are not used here, because the stack brings what they are about.
     *
     * @throws BadConfigurationException if the file cannot be read
     */
    public List<String> unused() {
        return user.map(UserConfiguration::unused).orElse(List.of());
    }

    /** Finds all faults of the configuration before a port is opened or a file is written. */
    private WaybillConfig preflight() {
        StackEndpoints unknown = embedded.unknown();
        Map<String, String> infrastructure = embedded.infrastructure(unknown, 1);
        Map<String, String> secrets = Map.of(
                "s3.accessKey", "env:" + STAND_IN,
                "s3.secretKey", "env:" + STAND_IN,
                "destinations." + EmbeddedConfiguration.DESTINATION + ".password", "env:" + STAND_IN);
        Overrides overrides = overrides(infrastructure, secrets);
        String text = text(unknown, 1);
        return user.map(file -> file.check(text, overrides))
                .orElseGet(() -> WaybillConfig.parse(
                        "the embedded configuration", text, overrides, Services.sections()));
    }

    private void requireBuckets(WaybillConfig checked) throws IOException {
        Set<String> existing = EmbeddedStack.buckets(settings.data());
        new RouteBuckets(checked.routes().values(), existing, settings.buckets())
                .requireMeant(settings.userFile().map(Path::toString).orElse("the embedded configuration"));
    }

    private String text(StackEndpoints endpoints, int httpPort) {
        Map<String, Object> tree = embedded.tree(endpoints, httpPort);
        return EmbeddedConfiguration.text(user.map(file -> file.over(tree)).orElse(tree));
    }

    /**
     * The infrastructure takes precedence over the environment, which may be meant for a real cluster. A user's flag
     * takes precedence over the infrastructure.
     */
    private Overrides overrides(Map<String, String> infrastructure, Map<String, String> secrets) {
        var flags = new HashMap<>(infrastructure);
        flags.putAll(secrets);
        flags.putAll(settings.overrides().flags());
        var environment = new HashMap<>(settings.overrides().environment());
        environment.put(STAND_IN, STAND_IN);
        return new Overrides(flags, environment);
    }

    private StackEndpoints startStack(WaybillConfig checked, StartListener listener)
            throws IOException, InterruptedException {
        EmbeddedPorts ports = settings.ports();
        try (var serdes = DomainSerdes.from(checked.serde())) {
            var topics = Topics.from(checked.topics(), serdes);
            var stack = new EmbeddedStack(
                    StackSettings.standard(settings.data(), RegistryApplication.directory())
                            .withPorts(ports.kafka(), ports.s3(), ports.sftp(), ports.registry())
                            .withNotificationsTopic(topics.s3Notifications().name())
                            .withFlushEveryMessage(settings.flush()),
                    bootstrapServers -> makeTopics(bootstrapServers, topics, checked),
                    following(listener),
                    clock);
            StackEndpoints endpoints = stack.start();
            closing.add(stack);
            return endpoints;
        }
    }

    private static StackListener following(StartListener listener) {
        return new StackListener() {
            @Override
            public void serving(String part, String address) {
                listener.ready(part, address);
            }

            @Override
            public void starting(String part) {
                listener.starting(part);
            }
        };
    }

    private static void makeTopics(String bootstrapServers, Topics topics, WaybillConfig config) {
        var client = new ClientSettings(Map.of("bootstrap.servers", bootstrapServers));
        try (var admin = Admin.create(client.admin())) {
            var catalog = new TopicCatalog(admin, config.topics().replication());
            String faults = TopicCatalog.faults(catalog.createOrCheck(topics));
            if (!faults.isEmpty()) {
                throw new BadConfigurationException(faults.lines().toList());
            }
        }
    }

    private static void makeBuckets(WaybillConfig config) throws StoreException {
        Set<String> buckets = new RouteBuckets(config.routes().values(), Set.of(), Set.of()).names();
        try (var store = ObjectStore.writer(config.s3())) {
            for (String bucket : buckets) {
                store.makeBucket(bucket);
            }
        }
    }

    private static int freeHttpPort(int port) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BadConfigurationException(
                    List.of("port " + port + " for the HTTP API is in use; choose another with --http-port"));
        }
    }

    /** Blocks until the services have ended, after {@link #stop()} or because one failed. */
    public ExitCode awaitEnd(Running running) throws InterruptedException {
        if (running.services().isEmpty()) {
            var asked = new CountDownLatch(1);
            stop.onRequest(asked::countDown);
            asked.await();
            return ExitCode.DONE;
        }
        ServiceProcess services = running.services().get();
        ExitCode end = services.awaitEnd();
        services.throwIfFailed();
        return end;
    }

    /** Asks everything to stop, even while it still starts. Returns at once. For any thread. */
    public void stop() {
        stop.request();
    }

    /** Whether somebody asked to stop. */
    public boolean stopping() {
        return stop.requested();
    }

    @Override
    public void close() throws IOException {
        Closings.close(closing);
    }
}
