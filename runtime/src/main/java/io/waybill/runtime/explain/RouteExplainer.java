package io.waybill.runtime.explain;

import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate.Expansion;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.SourceFilter.Rule;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.explain.ExplainAnswer;
import io.waybill.runtime.api.explain.ExplainAnswer.ExplainedRoute;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.Durations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says which routes take an object, where they bring it, and why others do not take it. Immutable. */
public final class RouteExplainer {
    private static final String BAD_NAME = "BAD_NAME";

    private final Collection<Route> routes;
    private final Map<DestinationName, DestinationConfig> destinations;

    public RouteExplainer(WaybillConfig config) {
        routes = config.routes().values();
        destinations = config.destinations();
    }

    /**
     * An object, as far as the one who asks knows it.
     *
     * @param key    1 to 4,096 characters
     * @param bucket empty to ask each route about its own bucket
     * @param size   in bytes, 0 or more; empty to judge no size
     * @param event  the store's word for how it was written, such as {@code Put}; empty to judge no event
     */
    public record Question(String key, Optional<String> bucket, OptionalLong size, Optional<String> event) {}

    /**
     * Explains what the routes do with an object.
     *
     * @param scope a route that brings nothing into it is left out
     */
    public ExplainAnswer explain(Question asked, Scope scope) {
        return new ExplainAnswer(
                asked.key(),
                asked.bucket().orElse(null),
                asked.size().isPresent() ? asked.size().getAsLong() : null,
                asked.event().orElse(null),
                routes.stream()
                        .filter(route -> scope.allows(route.name(), destination(route)))
                        .map(route -> explained(route, asked))
                        .toList());
    }

    /**
     * Where a route brings an object.
     *
     * @param destination null without a delivery
     * @param path        null without a delivery, and if the key gives no safe path
     * @param lane        null without path
     */
    public record Placement(@Nullable String destination, @Nullable String path, @Nullable Integer lane) {}

    /** Where an object goes: the routes that take it, in the order of the configuration, however it was written. */
    public Map<RouteName, Placement> placements(SourceObject object) {
        var all = new LinkedHashMap<RouteName, Placement>();
        var asked = new Question(
                object.key(), Optional.of(object.bucket()), OptionalLong.of(object.size()), Optional.empty());
        for (Route route : routes) {
            if (refusal(route.source(), asked).isEmpty()) {
                ExplainedRoute taken = taken(route, asked);
                all.put(route.name(), new Placement(taken.destination(), taken.path(), taken.lane()));
            }
        }
        return all;
    }

    private static @Nullable DestinationName destination(Route route) {
        Delivery delivery = route.delivery();
        return delivery == null ? null : delivery.destination();
    }

    private ExplainedRoute explained(Route route, Question asked) {
        SourceFilter source = route.source();
        Optional<Rule> refusal = refusal(source, asked);
        if (refusal.isPresent()) {
            return new ExplainedRoute(
                    route.name().value(),
                    false,
                    refusal.get().name(),
                    words(refusal.get(), source, asked.key()),
                    source.bucket(),
                    null,
                    null,
                    null,
                    List.of());
        }
        return taken(route, asked);
    }

    private static Optional<Rule> refusal(SourceFilter source, Question asked) {
        return source.refusal(
                asked.bucket().orElse(source.bucket()), asked.key(), asked.event().orElse(""), asked.size());
    }

    private ExplainedRoute taken(Route route, Question asked) {
        List<String> conditions = conditions(route.source(), asked);
        String name = route.name().value();
        String bucket = route.source().bucket();
        Delivery delivery = route.delivery();
        if (delivery == null) {
            return new ExplainedRoute(name, true, null, null, bucket, null, null, null, conditions);
        }
        String destination = delivery.destination().value();
        // Neither the tag nor the time of an object is part of its path.
        var object = new SourceObject(bucket, asked.key(), null, "-", asked.size().orElse(0), Instant.EPOCH);
        return switch (delivery.path().expand(route, object)) {
            case Expansion.Path(var path) ->
                new ExplainedRoute(
                        name, true, null, null, bucket, destination, path.value(), lane(delivery, path), conditions);
            case Expansion.BadName(var reason) ->
                new ExplainedRoute(
                        name,
                        true,
                        BAD_NAME,
                        "its file ends FAILED as BAD_NAME: " + reason,
                        bucket,
                        destination,
                        null,
                        null,
                        conditions);
        };
    }

    private @Nullable Integer lane(Delivery delivery, RemotePath path) {
        DestinationConfig destination = destinations.get(delivery.destination());
        return destination == null ? null : destination.lane(path).number();
    }

    private static List<String> conditions(SourceFilter source, Question asked) {
        var conditions = new ArrayList<String>();
        if (source.minBytes() > 0 && asked.size().isEmpty()) {
            conditions.add("if the object has " + bytes(source.minBytes()));
        }
        if (!source.events().isEmpty() && asked.event().isEmpty()) {
            conditions.add("if the store says that it was written by " + written(source));
        }
        if (source.settles()) {
            conditions.add("when nothing was written under the key for " + Durations.print(source.settle()));
        }
        if (source.unchanged() == SourceFilter.Unchanged.SKIP) {
            conditions.add("if its ETag or size differs from those of the version that was delivered before");
        }
        return conditions;
    }

    private static String words(Rule rule, SourceFilter source, String key) {
        return switch (rule) {
            case BUCKET -> "the route reads the bucket '" + source.bucket() + "'";
            case FOLDER -> "a key that ends with '/' marks a folder, and is never a file";
            case PREFIX -> "the key must begin with '" + source.prefix() + "'"
                    + onlyCase(key.regionMatches(true, 0, source.prefix(), 0, source.prefix().length()));
            case SUFFIX -> "the key must end with '" + source.suffix() + "'"
                    + onlyCase(key.regionMatches(
                            true,
                            key.length() - source.suffix().length(),
                            source.suffix(),
                            0,
                            source.suffix().length()));
            case EVENT -> "the object must be written by " + written(source);
            case DOT_PARTS -> "the key has a part '.' or '..', and is never a file";
            case MIN_BYTES -> "the object must have " + bytes(source.minBytes());
        };
    }

    /** What people overlook. */
    private static String onlyCase(boolean same) {
        return same ? "; only the case of letters differs" : "";
    }

    private static String bytes(long atLeast) {
        return atLeast + (atLeast == 1 ? " byte or more" : " bytes or more");
    }

    private static String written(SourceFilter source) {
        return String.join(" or ", new TreeSet<>(source.events()));
    }
}
