package io.waybill.runtime.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.service.Health;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /healthz} (200 unless a service cannot recover), {@code /readyz} (200 if every service is ready to
 * work), {@code /metrics} (Prometheus) and the routes of services.
 */
public final class HttpEndpoint implements AutoCloseable {
    private final HttpSettings settings;
    private final Supplier<Map<String, Health>> health;
    private final PrometheusMeterRegistry meters;
    private final List<HttpRoutes> routes;
    private @Nullable Javalin server;

    public HttpEndpoint(
            HttpSettings settings,
            Supplier<Map<String, Health>> health,
            PrometheusMeterRegistry meters,
            List<HttpRoutes> routes) {
        this.settings = settings;
        this.health = health;
        this.meters = meters;
        this.routes = List.copyOf(routes);
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
            config.routes.get("/healthz", http -> answer(http, state -> state != Health.State.DOWN));
            config.routes.get("/readyz", http -> answer(http, state -> state == Health.State.UP));
            config.routes.get("/metrics", http -> http.contentType("text/plain; version=0.0.4; charset=utf-8")
                    .result(meters.scrape()));
            routes.forEach(route -> route.addTo(config.routes));
        });
        try {
            server = javalin.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            throw new BadConfigurationException(List.of(
                    "http.port: " + settings.host() + ":" + settings.port() + " is taken by another program"));
        }
        return server.port();
    }

    private void answer(Context http, Predicate<Health.State> good) {
        Map<String, Health> all = health.get();
        var services = new LinkedHashMap<String, Object>();
        all.forEach((name, one) -> services.put(name, Map.of("state", one.state().name(), "detail", one.detail())));
        boolean ok = all.values().stream().map(Health::state).allMatch(good);
        http.status(ok ? 200 : 503).json(Map.of("ok", ok, "services", services));
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
    }
}
