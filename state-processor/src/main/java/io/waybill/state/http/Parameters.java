package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.explain.RouteExplainer;
import io.waybill.runtime.http.QueryParameters;
import io.waybill.state.query.FileFilter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the parts of a request's address. If a part cannot be read, the answer is a 400 that says what was expected.
 */
public final class Parameters {
    static final int LARGEST_LIMIT = 1_000;

    static final QueryParameters LIST = QueryParameters.of(
            "status", "route", "destination", "failure", "since", "until", "key", "bucket", "name", "path", "waiting",
            "order", "cursor", "limit");
    static final QueryParameters OBJECT = QueryParameters.of("bucket", "key", "cursor", "limit");
    static final QueryParameters EXPLAIN = QueryParameters.of("key", "bucket", "size", "event");
    static final QueryParameters LETTERS =
            QueryParameters.of("since", "type", "route", "destination", "failure", "file", "limit");
    static final QueryParameters AUDIT = QueryParameters.of("since", "by", "what", "target", "limit");

    private static final int DEFAULT_LIMIT = 50;
    /** No key and no path is longer. */
    private static final int LONGEST_TEXT = 4_096;
    private static final List<String> LETTER_TYPES = List.of("FILE", "RECORD");
    /** Fewer digits than overflow. */
    private static final Pattern BYTES = Pattern.compile("\\d{1,18}");
    private static final Pattern POSITION = Pattern.compile("[0-9]{14}-[a-z2-7]{26}");

    private Parameters() {}

    static FileId id(Context http) {
        return parsed("id", http.pathParam("id"), FileId::new);
    }

    static FileFilter filter(Context http) {
        return new FileFilter(
                optional(http, "status", Parameters::statuses).orElse(Set.of()),
                optional(http, "route", RouteName::new),
                optional(http, "destination", DestinationName::new),
                optional(http, "failure", Parameters::failure),
                optional(http, "since", Parameters::instant),
                optional(http, "until", Parameters::instant),
                optional(http, "key", Parameters::text),
                optional(http, "bucket", Parameters::text),
                optional(http, "name", Parameters::text),
                optional(http, "path", Parameters::text),
                Scope.ALL,
                optional(http, "waiting", Parameters::flag).orElse(false));
    }

    /** The files of the object that is asked for, which must be named. */
    static FileFilter object(Context http) {
        for (String name : List.of("bucket", "key")) {
            if (optional(http, name, Parameters::text).isEmpty()) {
                throw ApiException.badRequest(name + ": is missing; expected the bucket and the key of an object");
            }
        }
        return filter(http);
    }

    /** The object whose routes are asked for. */
    static RouteExplainer.Question question(Context http) {
        return new RouteExplainer.Question(
                optional(http, "key", Parameters::text)
                        .orElseThrow(() -> ApiException.badRequest("key: is missing; expected the key of an object")),
                optional(http, "bucket", Parameters::text),
                optional(http, "size", Parameters::bytes).map(OptionalLong::of).orElseGet(OptionalLong::empty),
                optional(http, "event", Parameters::text));
    }

    /** The dead letters that are asked for. */
    static DeadLetterRoute.Wanted letters(Context http) {
        return new DeadLetterRoute.Wanted(
                optional(http, "since", Parameters::instant),
                optional(http, "type", Parameters::letterType),
                optional(http, "route", RouteName::new).map(RouteName::value),
                optional(http, "destination", DestinationName::new).map(DestinationName::value),
                optional(http, "failure", Parameters::failure).map(FailureKind::name),
                optional(http, "file", FileId::new).map(FileId::value),
                limit(http));
    }

    /** The actions that are asked for. */
    static AuditRoute.Wanted audit(Context http) {
        return new AuditRoute.Wanted(
                optional(http, "since", Parameters::instant),
                optional(http, "by", text -> text),
                optional(http, "what", text -> text),
                optional(http, "target", text -> text),
                limit(http));
    }

    private static String letterType(String text) {
        if (!LETTER_TYPES.contains(text)) {
            throw new IllegalArgumentException("expected one of " + LETTER_TYPES + ", was '" + text + "'");
        }
        return text;
    }

    private static long bytes(String text) {
        if (!BYTES.matcher(text).matches()) {
            throw new IllegalArgumentException("expected a number of bytes, 0 or more, was '" + text + "'");
        }
        return Long.parseLong(text);
    }

    /**
     * Writes the query from which this class reads the same values.
     *
     * @param newest whether the list is in the order of arrivals
     * @param cursor an id, or a position if it is
     */
    static String query(FileFilter filter, int limit, boolean newest, Optional<String> cursor) {
        var query = new StringBuilder("limit=" + limit);
        if (!filter.statuses().isEmpty()) {
            query.append("&status=")
                    .append(filter.statuses().stream().map(Status::name).sorted().collect(Collectors.joining(",")));
        }
        if (newest) {
            query.append("&order=newest");
        }
        if (filter.waiting()) {
            query.append("&waiting=true");
        }
        filter.key().ifPresent(key -> query.append("&key=").append(encoded(key)));
        filter.bucket().ifPresent(bucket -> query.append("&bucket=").append(encoded(bucket)));
        filter.name().ifPresent(name -> query.append("&name=").append(encoded(name)));
        filter.path().ifPresent(path -> query.append("&path=").append(encoded(path)));
        // No other part needs an escape: names, constants, instants in UTC and ids.
        filter.route().ifPresent(route -> query.append("&route=").append(route));
        filter.destination().ifPresent(destination -> query.append("&destination=").append(destination));
        filter.failure().ifPresent(failure -> query.append("&failure=").append(failure));
        filter.since().ifPresent(since -> query.append("&since=").append(since));
        filter.until().ifPresent(until -> query.append("&until=").append(until));
        cursor.ifPresent(id -> query.append("&cursor=").append(id));
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Whether the list is in the order of arrivals, the newest first. */
    static boolean newest(Context http) {
        return optional(http, "order", text -> switch (text) {
            case "id" -> false;
            case "newest" -> true;
            default -> throw new IllegalArgumentException("expected id or newest, was '" + text + "'");
        }).orElse(false);
    }

    static Optional<String> position(Context http) {
        return optional(http, "cursor", text -> {
            if (!POSITION.matcher(text).matches()) {
                throw new IllegalArgumentException("expected the cursor of a page with the same order, was '" + text
                        + "'");
            }
            return text;
        });
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

    /** An instant in ISO 8601. */
    public static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "expected an instant such as 2026-01-31T12:00:00Z, was '" + text + "'", e);
        }
    }

    /** A text that is as long as a key or a path at most. */
    public static String text(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("expected at most " + LONGEST_TEXT + " characters, was one of "
                    + text.length());
        }
        return text;
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false, was '" + text + "'");
        };
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

    /** A parameter that may be missing, or empty. Throws a 400 if the parser refuses it. */
    public static <T> Optional<T> optional(Context http, String name, Function<String, T> parser) {
        return Optional.ofNullable(http.queryParam(name))
                .filter(text -> !text.isEmpty())
                .map(text -> parsed(name, text, parser));
    }

    /** Parses a text. Throws a 400 if the parser refuses it. */
    public static <T> T parsed(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(name + ": " + e.getMessage());
        }
    }
}
