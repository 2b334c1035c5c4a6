package io.waybill.runtime.config;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.Timeouts;
import java.time.Duration;

/** The keys of {@code routes}. */
final class RouteKeys {
    static final Key<String> BUCKET = Key.required("bucket", KeyType.TEXT, "The route takes files from this bucket.");

    static final Key<String> PREFIX =
            Key.optional("prefix", KeyType.TEXT, "empty", "The object's key must begin with this text.");

    static final Key<String> SUFFIX =
            Key.optional("suffix", KeyType.TEXT, "empty", "The object's key must end with this text.");

    static final Section SOURCE =
            Section.fixed("source", "The objects that the route takes.", BUCKET, PREFIX, SUFFIX);

    static final Key<DestinationName> DESTINATION = Key.optional(
            "destination",
            KeyType.text("name", DestinationName::new),
            "required in `deliver`",
            "The destination that gets the files; it is one of `destinations`.");

    static final Key<PathTemplate> PATH = Key.of(
            "path",
            KeyType.text("template", PathTemplate::parse, "^/"),
            PathTemplate.parse("/{name}"),
            "The path at the destination; Waybill fills in `{key}`, `{relative}` (the key without the prefix),"
                    + " `{name}`, `{stem}`, `{extension}`, `{bucket}` and `{route}`.")
            .see("#paths-that-several-keys-share");

    static final Key<ConflictPolicy> ON_CONFLICT = Key.of(
            "onConflict",
            KeyType.oneOf(ConflictPolicy.class),
            ConflictPolicy.REPLACE,
            "What the worker does if a file already exists at the path.");

    static final Key<Proof> VERIFY = Key.of(
            "verify",
            KeyType.oneOf(Proof.class),
            Proof.SIZE,
            "How the worker proves a delivery; no common server computes a checksum over SFTP, so `checksum` also"
                    + " reads the file back, and needs the permission to read it.");

    static final Key<Boolean> CREATE_DIRECTORIES =
            Key.of("createDirectories", KeyType.FLAG, false, "Whether the worker makes missing directories.");

    static final Key<Delivery.Names> NAMES = Key.of(
            "names",
            KeyType.oneOf(Delivery.Names.class),
            Delivery.Names.SAFE,
            "With `safe`, a key that gives a dangerous name ends as `BAD_NAME`: `.ssh`, `authorized_keys` and their"
                    + " like, and devices of Windows.")
            .see("#dangerous-names");

    static final Section DELIVER = Section.fixed(
            "deliver",
            "Where Waybill delivers the files; without this section they stay in the bucket.",
            DESTINATION,
            PATH,
            ON_CONFLICT,
            VERIFY,
            CREATE_DIRECTORIES,
            NAMES);

    static final Key<Integer> MAX_ATTEMPTS = Key.of(
            "maxAttempts",
            KeyType.number(1, 1_000_000),
            RetryPolicy.DEFAULT.maxAttempts(),
            "Waybill gives a file up after this number of failed attempts.");

    static final Key<Duration> BACKOFF = Key.of(
            "backoff",
            KeyType.DURATION_OR_ZERO,
            RetryPolicy.DEFAULT.backoff(),
            "The longest wait after the first failure; this limit doubles with each further failure, and each wait is"
                    + " a random part of its limit.");

    static final Key<Duration> MAX_BACKOFF = Key.of(
            "maxBackoff", KeyType.DURATION_OR_ZERO, RetryPolicy.DEFAULT.maxBackoff(), "No wait is longer than this.");

    static final Section RETRY =
            Section.fixed("retry", "When Waybill tries a failed file again.", MAX_ATTEMPTS, BACKOFF, MAX_BACKOFF);

    static final Key<Duration> UNCLAIMED = Key.of(
            "unclaimed",
            KeyType.DURATION_OR_ZERO,
            Timeouts.DEFAULT.unclaimed(),
            "How long a file may wait until a worker or an importer takes it up.");

    static final Key<Duration> UNFINISHED = Key.of(
            "unfinished",
            KeyType.DURATION_OR_ZERO,
            Timeouts.DEFAULT.unfinished(),
            "How long a worker or an importer may work on a file.");

    static final Section TIMEOUTS =
            Section.fixed("timeouts", "The time limits of a file.", UNCLAIMED, UNFINISHED);

    static final Key<Boolean> REQUIRED = Key.optional(
            "required",
            KeyType.FLAG,
            "`true` without `deliver`",
            "Whether an importer must claim each file and report the result.");

    static final Key<Duration> HEARTBEAT = Key.optional(
            "heartbeat",
            KeyType.POSITIVE_DURATION,
            "no heartbeats",
            "An import ends `TIMED_OUT` if Waybill hears nothing from its importer for this long.")
            .see("importers.md#heartbeats");

    static final Section IMPORT =
            Section.fixed("import", "What Waybill expects of importers.", REQUIRED, HEARTBEAT);

    static final Key<Duration> RETENTION = Key.of(
            "retention",
            KeyType.POSITIVE_DURATION,
            Route.DEFAULT_RETENTION,
            "How long Waybill remembers a finished file.")
            .see("#retention");

    static final Section SECTION = Section.named(
            "routes",
            "The rules that say which objects go where; you choose the name of each.",
            SOURCE,
            DELIVER,
            RETRY,
            TIMEOUTS,
            IMPORT,
            RETENTION);

    private RouteKeys() {}
}
