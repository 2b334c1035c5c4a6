package io.waybill.lives;

import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.state.table.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The destination and the route as they are configured now, here and there. */
final class Setting {
    private final Plan.Settings settings;
    private final Staging staging;
    private int lanes;
    private String host = "sftp.acme.example";
    private boolean routeRemoved;
    private int without = -1;

    Setting(Plan.Settings settings) {
        this.settings = settings;
        this.lanes = settings.lanes();
        staging = new Staging(
                settings.staging(), settings.staging() == Staging.Kind.DIRECTORY ? ".waybill" : ".tmp-");
    }

    Staging staging() {
        return staging;
    }

    void without(int worker) {
        without = worker;
    }

    void removeRoute(boolean is) {
        routeRemoved = is;
    }

    void moreLanes() {
        lanes++;
    }

    void renameHost() {
        host = "new." + host;
    }

    Route route() {
        return new Route(
                World.ROUTE,
                new SourceFilter(Store.BUCKET, "", ""),
                new Delivery(World.ACME, PathTemplate.parse("/in/{name}"), settings.policy(), settings.verify(), true),
                new RetryPolicy(settings.attempts(), Duration.ofSeconds(1), Duration.ofMinutes(10)),
                new Timeouts(Duration.ofMillis(settings.unclaimed()), Duration.ofMillis(settings.unfinished())),
                false,
                Route.DEFAULT_RETENTION);
    }

    Rules rules() {
        return new Rules(new WaybillConfig(
                Map.of(),
                Map.of(),
                new TopicSettings("", 1, 1, (short) 1),
                null,
                Map.of(World.ACME, destination()),
                routeRemoved ? Map.of() : Map.of(World.ROUTE, route()),
                null,
                null,
                null,
                Duration.ofSeconds(1)));
    }

    Map<DestinationName, DestinationConfig> destinationsOf(int worker) {
        return worker == without ? Map.of() : Map.of(World.ACME, destination());
    }

    private DestinationConfig destination() {
        return new DestinationConfig(
                World.ACME,
                host,
                22,
                "waybill",
                Optional.empty(),
                Optional.empty(),
                List.of("SHA256:key"),
                "/",
                lanes,
                settings.inFlight(),
                settings.fifo(),
                staging,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                StandardCharsets.UTF_8,
                settings.unknown(),
                Duration.ofMillis(settings.evidence()),
                DestinationConfig.Flow.DEFAULT,
                settings.profile().folding());
    }
}
