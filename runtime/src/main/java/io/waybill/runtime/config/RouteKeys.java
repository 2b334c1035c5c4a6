package io.waybill.runtime.config;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.Timeouts;
import java.time.Duration;

/** The keys of {@code routes}. */
final class RouteKeys {
    static final Key<String> BUCKET = Key.required("bucket", KeyType.TEXT, "The bucket that files come from.");

    static final Key<String> PREFIX =
            Key.optional("prefix", KeyType.TEXT, "empty", "What the keys of the route's files begin with.");

    static final Key<String> SUFFIX =
            Key.optional("suffix", KeyType.TEXT, "empty", "What the keys of the route's files end with.");

    static final Section SOURCE =
            Section.fixed("source", "Which objects the route takes.", BUCKET, PREFIX, SUFFIX);

    static final Key<DestinationName> DESTINATION = Key.optional(
            "destination",
            KeyType.text("name", DestinationName::new),
            "required in `deliver`",
            "The destination that gets the files, one of `destinations`.");

    static final Key<PathTemplate> PATH = Key.of(
            "path",
            KeyType.text("template", PathTemplate::parse, "^/"),
            PathTemplate.parse("/{name}"),
            "The path at the destination; `{key}`, `{relative}` (key without prefix), `{name}`, `{stem}`, `{extension}`,"
                    + " `{bucket}` and `{route}` are filled in.")
            .see("#paths-that-several-keys-share");

    static final Key<ConflictPolicy> ON_CONFLICT = Key.of(
            "onConflict",
            KeyType.oneOf(ConflictPolicy.class),
            ConflictPolicy.REPLACE,
            "What happens to a file whose path is taken.");

    static final Key<Proof> VERIFY = Key.of(
            "verify",
            KeyType.oneOf(Proof.class),
            Proof.SIZE,
            "How a delivery is proven; no common server computes a checksum over SFTP, so `checksum` reads the file back"
                    + " too, and needs the right to.");

    static final Key<Boolean> CREATE_DIRECTORIES =
            Key.of("createDirectories", KeyType.FLAG, false, "Whether missing directories are made.");

    static final Section DELIVER = Section.fixed(
            "deliver",
            "Where the files go; without it they stay in the bucket.",
            DESTINATION,
            PATH,
            ON_CONFLICT,
            VERIFY,
            CREATE_DIRECTORIES);

    static final Key<Integer> MAX_ATTEMPTS = Key.of(
            "maxAttempts",
            KeyType.number(1, 1_000_000),
            RetryPolicy.DEFAULT.maxAttempts(),
            "After how many failed attempts a file is given up.");

    static final Key<Duration> BACKOFF = Key.of(
            "backoff",
            KeyType.DURATION_OR_ZERO,
            RetryPolicy.DEFAULT.backoff(),
            "The longest wait after the first failure; it doubles with each further one, and the wait is a random part"
                    + " of it.");

    static final Key<Duration> MAX_BACKOFF = Key.of(
            "maxBackoff", KeyType.DURATION_OR_ZERO, RetryPolicy.DEFAULT.maxBackoff(), "The longest wait of all.");

    static final Section RETRY =
            Section.fixed("retry", "When a failed file is tried again.", MAX_ATTEMPTS, BACKOFF, MAX_BACKOFF);

    static final Key<Duration> UNCLAIMED = Key.of(
            "unclaimed",
            KeyType.DURATION_OR_ZERO,
            Timeouts.DEFAULT.unclaimed(),
            "How long a file may wait before work on it begins.");

    static final Key<Duration> UNFINISHED = Key.of(
            "unfinished",
            KeyType.DURATION_OR_ZERO,
            Timeouts.DEFAULT.unfinished(),
            "How long a file may be worked on.");

    static final Section TIMEOUTS =
            Section.fixed("timeouts", "How long a file may take.", UNCLAIMED, UNFINISHED);

    static final Key<Boolean> REQUIRED = Key.optional(
            "required", KeyType.FLAG, "`true` without `deliver`", "Whether an importer must report.");

    static final Key<Duration> HEARTBEAT = Key.optional(
            "heartbeat",
            KeyType.POSITIVE_DURATION,
            "no heartbeats",
            "How long an importer that has claimed a file may not be heard of.")
            .see("importers.md#heartbeats");

    static final Section IMPORT =
            Section.fixed("import", "What is expected of importers.", REQUIRED, HEARTBEAT);

    static final Key<Duration> RETENTION = Key.of(
            "retention",
            KeyType.POSITIVE_DURATION,
            Route.DEFAULT_RETENTION,
            "How long a finished file stays known.")
            .see("#retention");

    static final Section SECTION = Section.named(
            "routes",
            "Which objects go where, by names of your choice.",
            SOURCE,
            DELIVER,
            RETRY,
            TIMEOUTS,
            IMPORT,
            RETENTION);

    private RouteKeys() {}
}
