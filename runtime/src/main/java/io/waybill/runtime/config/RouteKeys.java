package io.waybill.runtime.config;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import java.time.Duration;
import java.util.List;

/** The keys of {@code routes}. */
final class RouteKeys {
    /** What the stores together allow; some have more rules, and say so. Ceph writes {@code TENANT:BUCKET}. */
    private static final String BUCKET_NAME = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,254}$";

    static final Key<String> BUCKET = Key.required(
            "bucket",
            KeyType.text("name of a bucket", RouteKeys::bucket, BUCKET_NAME),
            "The route takes files from this bucket.");

    static final Key<String> PREFIX =
            Key.optional("prefix", KeyType.TEXT, "empty", "The object's key must begin with this text.");

    static final Key<String> SUFFIX =
            Key.optional("suffix", KeyType.TEXT, "empty", "The object's key must end with this text.");

    static final Key<Integer> MIN_BYTES = Key.of(
            "minBytes",
            KeyType.number(0, Integer.MAX_VALUE),
            0,
            "The route ignores smaller objects; `1` leaves out the empty placeholders that some programs write first.");

    static final Key<List<String>> EVENTS = Key.optional(
            "events",
            KeyType.list("list of names", "^(Put|Post|Copy|CompleteMultipartUpload)$"),
            "all",
            "The route takes only objects that were written in one of these ways: `Put`, `Post`, `Copy`,"
                    + " `CompleteMultipartUpload`.")
            .see("notifications.md#several-notifications-for-one-upload");

    static final Key<Duration> SETTLE = Key.optional(
            "settle",
            KeyType.DURATION_OR_ZERO,
            "`0s`",
            "The route looks at an object this long after its notification, and takes the version that is current then.")
            .see("notifications.md#several-notifications-for-one-upload");

    static final Key<SourceFilter.Unchanged> UNCHANGED = Key.of(
            "unchanged",
            KeyType.oneOf(SourceFilter.Unchanged.class),
            SourceFilter.Unchanged.DELIVER,
            "With `skip`, an object that was written again with the same ETag and size is not delivered again.")
            .see("notifications.md#unchanged-objects");

    static final Section SOURCE = Section.fixed(
            "source",
            "The objects that the route takes.",
            BUCKET,
            PREFIX,
            SUFFIX,
            MIN_BYTES,
            EVENTS,
            SETTLE,
            UNCHANGED);

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

    static final Key<Integer> FILE_MODE = Key.optional(
            "fileMode",
            KeyType.mode("0640"),
            "as the server makes it",
            "The permissions that a file gets before it gets its final name; if the server refuses that, the worker only"
                    + " warns.");

    static final Key<Integer> DIRECTORY_MODE = Key.optional(
            "directoryMode",
            KeyType.mode("0750"),
            "as the server makes it",
            "The permissions of directories that `createDirectories` makes.");

    static final Key<Boolean> PRESERVE_MODIFIED = Key.of(
            "preserveModified",
            KeyType.FLAG,
            false,
            "Whether a file gets the time at which the store says it was last modified.")
            .see("sftp-servers.md#permissions-and-times");

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
            FILE_MODE,
            DIRECTORY_MODE,
            PRESERVE_MODIFIED,
            NAMES);

    static final Key<Integer> MAX_ATTEMPTS = Key.optional(
            "maxAttempts",
            KeyType.number(1, 1_000_000),
            "`" + RetryPolicy.DEFAULT.maxAttempts() + "` for deliveries, `" + RetryPolicy.DEFAULT.maxImports()
                    + "` for imports",
            "Waybill gives a file up after this number of failed attempts at one stage.");

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

    private static String bucket(String text) {
        if (!text.matches(BUCKET_NAME)) {
            throw new IllegalArgumentException(
                    "expected the name of a bucket, of letters, digits, '.', '-' and '_', and"
                            + " without its address, was '" + text + "'");
        }
        return text;
    }
}
