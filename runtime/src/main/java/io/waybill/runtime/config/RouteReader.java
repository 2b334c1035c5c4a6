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
import io.waybill.runtime.text.Suggestion;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code routes}. */
final class RouteReader {
    /** The words of S3 for the ways in which an object is written. */
    private static final List<String> WRITTEN = List.of("Put", "Post", "Copy", "CompleteMultipartUpload");

    /** Write and enter. */
    private static final int OWNER_ENTERS = 0300;

    private RouteReader() {}

    /** The route, or empty if its parts do not fit together; then every fault is among the problems. */
    static Optional<Route> read(RouteName name, SectionReader keys, Set<DestinationName> destinations) {
        SectionReader from = keys.section(RouteKeys.SOURCE);
        SourceFilter source = source(from);
        SectionReader deliver = keys.section(RouteKeys.DELIVER);
        @Nullable Delivery delivery = keys.mentions(RouteKeys.DELIVER) ? delivery(deliver, destinations) : null;
        if (source.unchanged() == SourceFilter.Unchanged.SKIP && !keys.mentions(RouteKeys.DELIVER)) {
            from.problem(RouteKeys.UNCHANGED,
                    "is skip, and the route has no 'deliver': only a worker knows what it delivered before");
        }
        RetryPolicy retry = retry(keys);
        SectionReader imports = keys.section(RouteKeys.IMPORT);
        boolean importRequired = imports.find(RouteKeys.REQUIRED).orElse(delivery == null);
        @Nullable Duration heartbeat = heartbeat(imports);
        if (heartbeat != null && !importRequired) {
            imports.problem(RouteKeys.HEARTBEAT, "is given, and import.required is false: nobody imports its files");
        }
        imports.finish();
        Timeouts timeouts = timeouts(keys, heartbeat);
        Duration retention = keys.get(RouteKeys.RETENTION);
        keys.finish();
        if (!keys.mentions(RouteKeys.DELIVER) && !importRequired) {
            keys.problem(RouteKeys.DELIVER,
                    "is missing, and import.required is false: nothing would happen to its files");
        }
        if (delivery == null && !importRequired) {
            return Optional.empty();
        }
        return Optional.of(new Route(name, source, delivery, retry, timeouts, importRequired, retention));
    }

    /** A heartbeat that is present and wrong counts as present, so that only one fault is reported. */
    private static @Nullable Duration heartbeat(SectionReader imports) {
        return imports.has(RouteKeys.HEARTBEAT)
                ? imports.find(RouteKeys.HEARTBEAT).orElse(Timeouts.DEFAULT.unfinished())
                : null;
    }

    private static SourceFilter source(SectionReader keys) {
        var source = new SourceFilter(
                keys.required(RouteKeys.BUCKET, ""),
                keys.find(RouteKeys.PREFIX).orElse(""),
                keys.find(RouteKeys.SUFFIX).orElse(""),
                keys.get(RouteKeys.MIN_BYTES),
                events(keys),
                keys.find(RouteKeys.SETTLE).orElse(Duration.ZERO),
                keys.get(RouteKeys.UNCHANGED));
        keys.finish();
        return source;
    }

    private static Set<String> events(SectionReader keys) {
        var events = new LinkedHashSet<>(keys.list(RouteKeys.EVENTS));
        for (String event : events) {
            if (!WRITTEN.contains(event)) {
                keys.problem(
                        RouteKeys.EVENTS,
                        "expected some of " + WRITTEN + ", was '" + event + "'" + Suggestion.of(event, WRITTEN));
            }
        }
        return events;
    }

    private static @Nullable Delivery delivery(SectionReader keys, Set<DestinationName> destinations) {
        Optional<DestinationName> destination = keys.find(RouteKeys.DESTINATION);
        if (destination.isEmpty() && !keys.has(RouteKeys.DESTINATION)) {
            keys.problem(RouteKeys.DESTINATION, "is missing");
        }
        destination.filter(name -> !destinations.contains(name)).ifPresent(name -> keys.problem(
                RouteKeys.DESTINATION,
                "there is no destination '" + name + "'"
                        + Suggestion.of(name.value(), destinations.stream().map(DestinationName::value).toList())));
        PathTemplate path = keys.get(RouteKeys.PATH);
        ConflictPolicy onConflict = keys.get(RouteKeys.ON_CONFLICT);
        Proof verify = keys.get(RouteKeys.VERIFY);
        boolean createDirectories = keys.get(RouteKeys.CREATE_DIRECTORIES);
        Delivery.Attributes attributes = attributes(keys);
        Delivery.Names names = keys.get(RouteKeys.NAMES);
        keys.finish();
        return destination
                .map(name -> new Delivery(name, path, onConflict, verify, createDirectories, attributes, names))
                .orElse(null);
    }

    private static Delivery.Attributes attributes(SectionReader keys) {
        OptionalInt directoryMode = mode(keys, RouteKeys.DIRECTORY_MODE);
        if (directoryMode.isPresent() && (directoryMode.getAsInt() & OWNER_ENTERS) != OWNER_ENTERS) {
            keys.problem(
                    RouteKeys.DIRECTORY_MODE, "would keep the worker itself out: the first digit must be 3 or 7");
        }
        return new Delivery.Attributes(
                mode(keys, RouteKeys.FILE_MODE), directoryMode, keys.get(RouteKeys.PRESERVE_MODIFIED));
    }

    private static OptionalInt mode(SectionReader keys, Key<Integer> key) {
        return keys.find(key).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    private static RetryPolicy retry(SectionReader parent) {
        SectionReader keys = parent.section(RouteKeys.RETRY);
        Optional<Integer> given = keys.find(RouteKeys.MAX_ATTEMPTS);
        int maxAttempts = given.orElse(RetryPolicy.DEFAULT.maxAttempts());
        int maxImports = given.orElse(RetryPolicy.DEFAULT.maxImports());
        Duration backoff = keys.get(RouteKeys.BACKOFF);
        Duration maxBackoff = keys.get(RouteKeys.MAX_BACKOFF);
        keys.finish();
        return checked(parent, RouteKeys.RETRY, RetryPolicy.DEFAULT,
                () -> new RetryPolicy(maxAttempts, maxImports, backoff, maxBackoff));
    }

    private static Timeouts timeouts(SectionReader parent, @Nullable Duration heartbeat) {
        SectionReader keys = parent.section(RouteKeys.TIMEOUTS);
        Duration unclaimed = keys.get(RouteKeys.UNCLAIMED);
        Duration unfinished = keys.get(RouteKeys.UNFINISHED);
        keys.finish();
        return checked(parent, RouteKeys.TIMEOUTS, Timeouts.DEFAULT,
                () -> new Timeouts(unclaimed, unfinished, heartbeat));
    }

    private static <T> T checked(SectionReader keys, Section section, T standIn, Supplier<T> parts) {
        try {
            return parts.get();
        } catch (IllegalArgumentException e) {
            keys.problem(section, String.valueOf(e.getMessage()));
            return standIn;
        }
    }
}
