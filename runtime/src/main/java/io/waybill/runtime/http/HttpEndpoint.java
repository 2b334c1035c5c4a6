package io.waybill.runtime.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.api.WelcomeAnswer;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.service.BuildInfo;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code /} (what is here), {@code /healthz} (200 unless a service cannot recover), {@code /readyz} (200 if every service is ready to
 * work), {@code /metrics} (Prometheus) and the routes of services.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    /** Jetty's own defaults; only its selectors use them. */
    private static final int MOST_THREADS = 200;
    private static final int FEWEST_THREADS = 4;
    /** How long the headers of a request may take, and its body again, in seconds. */
    private static final int PATIENCE = 10;

    private final HttpSettings settings;
    private final Supplier<Map<String, Health>> health;
    private final PrometheusMeterRegistry meters;
    private final List<HttpRoutes> routes;
    private final SlowRequests slow;
    private final Optional<ServerTls> tls;
    private final LoginWiring login;
    private final RequestsInFlight inFlight;
    private @Nullable Javalin server;

    public HttpEndpoint(
            HttpSettings settings,
            Supplier<Map<String, Health>> health,
            PrometheusMeterRegistry meters,
            List<HttpRoutes> routes,
            ProcessClock clock) {
        this(settings, health, meters, routes, clock, PATIENCE);
    }

    HttpEndpoint(
            HttpSettings settings,
            Supplier<Map<String, Health>> health,
            PrometheusMeterRegistry meters,
            List<HttpRoutes> routes,
            ProcessClock clock,
            int patience) {
        this.settings = settings;
        this.health = health;
        this.meters = meters;
        this.login = LoginWiring.of(settings, meters, clock);
        this.inFlight = new RequestsInFlight();
        this.routes = Stream.concat(login.pages().stream(), routes.stream()).toList();
        this.slow = new SlowRequests(patience);
        this.tls = settings.tls().server().map(files -> new ServerTls(files, settings.advertisedHost(), meters, clock));
    }

    /**
     * Starts to listen.
     *
     * @return the port, which is the configured one unless that is 0
     * @throws BadConfigurationException if the port is taken
     */
    public int start() {
        var javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.prefer405over404 = true;
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(jetty -> {
                jetty.setHandler(inFlight);
                inFlight.setHandler(new RequestGuard(
                        new AllowedHosts(settings),
                        settings.tls().server().flatMap(TlsFiles::clientCa).isPresent()));
                jetty.setErrorHandler(new JsonErrors());
            });
            config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
            config.jetty.addConnector(this::connector);
            addTo(config.routes);
        });
        try {
            server = javalin.start();
        } catch (JavalinBindException e) {
            throw new BadConfigurationException(List.of(
                    "http.port: " + settings.host() + ":" + settings.port() + " is taken by another program"));
        }
        return server.port();
    }

    private ServerConnector connector(Server jetty, HttpConfiguration http) {
        var connector = new ServerConnector(jetty, protocols(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        slow.watch(connector);
        tls.ifPresent(ServerTls::watch);
        return connector;
    }

    private ConnectionFactory[] protocols(HttpConfiguration http) {
        var plain = new HttpConnectionFactory(http);
        if (tls.isEmpty()) {
            return new ConnectionFactory[] {plain};
        }
        // Without the check of SNI: a probe calls by address, and AllowedHosts looks at the name of every request.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return new ConnectionFactory[] {tls.get().before(plain.getProtocol()), plain};
    }

    /** A thread that waits for a slow sender must not keep another request waiting. So each has a virtual one. */
    private static ThreadPool threads() {
        var pool = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        pool.setName("http");
        pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-request-"));
        return pool;
    }

    private void addTo(RoutesConfig target) {
        target.beforeMatched(http -> {
            login.gate().handle(http);
            checkQuery(http);
            if (http.statusCode() >= 400) {
                routes.forEach(route -> route.refused(http));
            }
        });
        target.get("/", this::welcome, Permission.READ);
        target.get("/healthz", http -> answer(http, state -> state != Health.State.DOWN), Permission.OPEN,
                QueryParameters.ANY);
        target.get("/readyz", http -> answer(http, state -> state == Health.State.UP), Permission.OPEN,
                QueryParameters.ANY);
        target.get(
                "/metrics",
                http -> http.contentType("text/plain; version=0.0.4; charset=utf-8").result(meters.scrape()),
                settings.access().metrics() == MetricsAccess.OPEN ? Permission.OPEN : Permission.METRICS,
                QueryParameters.ANY);
        routes.forEach(route -> route.addTo(target));
        target.exception(HttpResponseException.class, HttpEndpoint::refuse);
        // The sender broke off, or was thrown out, and hears nothing of this.
        target.exception(IOException.class,
                (_, http) -> http.status(400).json(ErrorAnswer.of("the request broke off")));
        target.exception(HttpException.RuntimeException.class, (bad, http) -> http.status(bad.getCode())
                .json(ErrorAnswer.of(String.valueOf(bad.getReason()))));
        target.exception(Exception.class, HttpEndpoint::fault);
    }

    /** Whoever may not use a route learns nothing of its parameters. Of HEAD no handler runs, so none can be misled. */
    private static void checkQuery(Context http) {
        if (http.statusCode() < 300 && !HandlerType.HEAD.equals(http.method())) {
            QueryParameters.fault(http)
                    .ifPresent(fault -> http.status(400).json(ErrorAnswer.of(fault)).skipRemainingHandlers());
        }
    }

    private void welcome(Context http) {
        BuildInfo build = BuildInfo.current();
        http.json(new WelcomeAnswer(
                "Waybill",
                build.version(),
                build.commit(),
                List.copyOf(health.get().keySet()),
                Stream.concat(
                        Stream.of("/healthz", "/readyz", "/metrics"),
                        routes.stream().flatMap(route -> route.entries().stream()))
                        .toList()));
    }

    /** What Javalin itself refuses: no such address, another method, a body that is too large. */
    private static void refuse(HttpResponseException refused, Context http) {
        // Javalin has two names for it; see its HttpResponseExceptionMapper.
        Map<String, String> details = refused.getDetails();
        String methods = details.getOrDefault("availableMethods", details.get("Available methods"));
        if (methods != null) {
            http.header(Header.ALLOW, methods);
        }
        http.status(refused.getStatus()).json(ErrorAnswer.of(switch (refused.getStatus()) {
            case 404 -> "there is no " + http.path() + " here; GET / names what there is";
            case 405 ->
                http.path() + " does not take " + http.method().name() + (methods == null ? "" : ", only " + methods);
            case 413 -> "the body is larger than 1,000,000 bytes";
            default -> String.valueOf(refused.getMessage());
        }));
    }

    private static void fault(Exception fault, Context http) {
        LOG.atError()
                .addKeyValue("method", http.method().name())
                .addKeyValue("path", http.path())
                .setCause(fault)
                .log("A request hit a fault of Waybill");
        http.status(500).json(ErrorAnswer.of("a fault of Waybill; its log has more"));
    }

    private void answer(Context http, Predicate<Health.State> good) {
        Map<String, Health> all = health.get();
        var services = new LinkedHashMap<String, Object>();
        all.forEach((name, one) -> services.put(name, Map.of("state", one.state().name(), "detail", one.detail())));
        boolean ok = all.values().stream().map(Health::state).allMatch(good);
        http.status(ok ? 200 : 503).json(Map.of("ok", ok, "services", services));
    }

    /**
     * Takes no further requests but those of orchestrators and scrapers, and waits for the answers to those in flight.
     *
     * @return false if one still has none
     */
    public boolean finish(Duration patience) {
        return inFlight.finish(patience);
    }

    @Override
    public void close() {
        slow.close();
        tls.ifPresent(ServerTls::close);
        if (server != null) {
            server.stop();
        }
    }
}
