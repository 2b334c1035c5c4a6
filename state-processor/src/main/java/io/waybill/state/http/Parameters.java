package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.state.query.FileFilter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the parts of a request's address. If a part cannot be read, the answer is a 400 that says what was expected.
 */
final class Parameters {
    static final int LARGEST_LIMIT = 1_000;

    private static final int DEFAULT_LIMIT = 50;
    private static final List<String> LIST = List.of(
            "status", "route", "destination", "failure", "since", "until", "cursor", "limit");

    private Parameters() {}

    static FileId id(Context http) {
        return parsed("id", http.pathParam("id"), FileId::new);
    }

    static FileFilter filter(Context http) {
        // An unknown parameter is mostly a misspelt one. Without it the answer would have all files.
        var unknown = new TreeSet<>(http.queryParamMap().keySet());
        LIST.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw ApiException.badRequest("unknown parameter " + String.join(", ", unknown) + "; known are "
                    + String.join(", ", LIST));
        }
        return new FileFilter(
                optional(http, "status", Parameters::statuses).orElse(Set.of()),
                optional(http, "route", RouteName::new),
                optional(http, "destination", DestinationName::new),
                optional(http, "failure", Parameters::failure),
                optional(http, "since", Parameters::instant),
                optional(http, "until", Parameters::instant));
    }

    /** Writes the query from which {@link #filter}, {@link #cursor} and {@link #limit} read the same values. */
    static String query(FileFilter filter, Optional<FileId> cursor, int limit) {
        var query = new StringBuilder("limit=" + limit);
        if (!filter.statuses().isEmpty()) {
            query.append("&status=")
                    .append(filter.statuses().stream().map(Status::name).sorted().collect(Collectors.joining(",")));
        }
        // No part needs an escape: names, constants, instants in UTC and ids.
        filter.route().ifPresent(route -> query.append("&route=").append(route));
        filter.destination().ifPresent(destination -> query.append("&destination=").append(destination));
        filter.failure().ifPresent(failure -> query.append("&failure=").append(failure));
        filter.since().ifPresent(since -> query.append("&since=").append(since));
        filter.until().ifPresent(until -> query.append("&until=").append(until));
        cursor.ifPresent(id -> query.append("&cursor=").append(id));
        return query.toString();
    }

    static Optional<FileId> cursor(Context http) {
        return optional(http, "cursor", FileId::new);
    }

    static int limit(Context http) {
        return optional(http, "limit", Parameters::limit).orElse(DEFAULT_LIMIT);
    }

    /** Reads one status, or several, separated by commas. */
    static Set<Status> statuses(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(name -> constant(Status.values(), name))
                .collect(Collectors.toUnmodifiableSet());
    }

    static FailureKind failure(String text) {
        return constant(FailureKind.values(), text);
    }

    private static <E extends Enum<E>> E constant(E[] all, String text) {
        return Arrays.stream(all)
                .filter(constant -> constant.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected one of " + Arrays.toString(all) + ", was '" + text + "'"));
    }

    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "expected an instant such as 2026-01-31T12:00:00Z, was '" + text + "'", e);
        }
    }

    private static int limit(String text) {
        String expected = "expected a number from 1 to " + LARGEST_LIMIT + ", was '" + text + "'";
        try {
            int limit = Integer.parseInt(text);
            if (limit < 1 || limit > LARGEST_LIMIT) {
                throw new IllegalArgumentException(expected);
            }
            return limit;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    private static <T> Optional<T> optional(Context http, String name, Function<String, T> parser) {
        return Optional.ofNullable(http.queryParam(name))
                .filter(text -> !text.isEmpty())
                .map(text -> parsed(name, text, parser));
    }

    /** Parses a text. Throws a 400 if the parser refuses it. */
    static <T> T parsed(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(name + ": " + e.getMessage());
        }
    }
}
