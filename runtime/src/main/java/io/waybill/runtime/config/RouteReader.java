package io.waybill.runtime.config;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code routes}. */
final class RouteReader {
    private static final PathTemplate DEFAULT_PATH = PathTemplate.parse("/{name}");

    private RouteReader() {}

    /** The route, or empty when its parts do not fit together; every fault is among the problems then. */
    static Optional<Route> read(RouteName name, Keys keys, Set<DestinationName> destinations) {
        SourceFilter source = source(keys.section("source"));
        Keys deliver = keys.section("deliver");
        @Nullable Delivery delivery = keys.mentions("deliver") ? delivery(deliver, destinations) : null;
        RetryPolicy retry = retry(keys);
        Keys imports = keys.section("import");
        boolean importRequired = imports.flag("required", delivery == null);
        @Nullable Duration heartbeat =
                imports.has("heartbeat") ? imports.positive("heartbeat", Timeouts.DEFAULT.unfinished()) : null;
        if (heartbeat != null && !importRequired) {
            imports.problem("heartbeat", "is given, and import.required is false: nobody imports its files");
        }
        imports.finish();
        Timeouts timeouts = timeouts(keys, heartbeat);
        Duration retention = keys.positive("retention", Route.DEFAULT_RETENTION);
        keys.finish();
        if (!keys.mentions("deliver") && !importRequired) {
            keys.problem("deliver", "is missing, and import.required is false: nothing would happen to its files");
        }
        if (delivery == null && !importRequired) {
            return Optional.empty();
        }
        return Optional.of(new Route(name, source, delivery, retry, timeouts, importRequired, retention));
    }

    private static SourceFilter source(Keys keys) {
        var source = new SourceFilter(
                keys.required("bucket", Function.identity(), ""), keys.text("prefix", ""), keys.text("suffix", ""));
        keys.finish();
        return source;
    }

    private static @Nullable Delivery delivery(Keys keys, Set<DestinationName> destinations) {
        Optional<DestinationName> destination = keys.value("destination", DestinationName::new);
        if (destination.isEmpty() && !keys.has("destination")) {
            keys.problem("destination", "is missing");
        }
        destination.filter(name -> !destinations.contains(name)).ifPresent(name -> keys.problem(
                "destination",
                "there is no destination '" + name + "'"
                        + Suggestion.of(name.value(), destinations.stream().map(DestinationName::value).toList())));
        PathTemplate path = keys.value("path", PathTemplate::parse).orElse(DEFAULT_PATH);
        ConflictPolicy onConflict = keys.oneOf("onConflict", ConflictPolicy.class, ConflictPolicy.REPLACE);
        Proof verify = keys.oneOf("verify", Proof.class, Proof.SIZE);
        boolean createDirectories = keys.flag("createDirectories", false);
        keys.finish();
        return destination
                .map(name -> new Delivery(name, path, onConflict, verify, createDirectories))
                .orElse(null);
    }

    private static RetryPolicy retry(Keys parent) {
        Keys keys = parent.section("retry");
        int maxAttempts = keys.number("maxAttempts", RetryPolicy.DEFAULT.maxAttempts(), 1, 1_000_000);
        Duration backoff = keys.duration("backoff", RetryPolicy.DEFAULT.backoff());
        Duration maxBackoff = keys.duration("maxBackoff", RetryPolicy.DEFAULT.maxBackoff());
        keys.finish();
        return checked(parent, "retry", RetryPolicy.DEFAULT, () -> new RetryPolicy(maxAttempts, backoff, maxBackoff));
    }

    private static Timeouts timeouts(Keys parent, @Nullable Duration heartbeat) {
        Keys keys = parent.section("timeouts");
        Duration unclaimed = keys.duration("unclaimed", Timeouts.DEFAULT.unclaimed());
        Duration unfinished = keys.duration("unfinished", Timeouts.DEFAULT.unfinished());
        keys.finish();
        return checked(parent, "timeouts", Timeouts.DEFAULT, () -> new Timeouts(unclaimed, unfinished, heartbeat));
    }

    private static <T> T checked(Keys keys, String key, T standIn, Supplier<T> parts) {
        try {
            return parts.get();
        } catch (IllegalArgumentException e) {
            keys.problem(key, String.valueOf(e.getMessage()));
            return standIn;
        }
    }
}
