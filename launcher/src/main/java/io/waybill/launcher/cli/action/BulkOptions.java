package io.waybill.launcher.cli.action;

import io.waybill.domain.FailureKind;
import io.waybill.domain.Status;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.BulkRequest;
import io.waybill.runtime.api.FilterRequest;
import io.waybill.runtime.api.OperatorRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files of a redrive, a resend or a cancellation: one file by its id, or all files that match a filter. */
final class BulkOptions {
    @Parameters(paramLabel = "ID", arity = "0..1", description = "The id of one file. For many files use filters.")
    private String id = "";

    @Option(names = "--status", split = ",", paramLabel = "STATUS", description = "Only files in this status.")
    private List<Status> statuses = new ArrayList<>();

    @Option(names = "--route", paramLabel = "NAME", description = "Only files of this route.")
    private String route = "";

    @Option(names = "--destination", paramLabel = "NAME", description = "Only files for this destination.")
    private String destination = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only files whose last change was then or later: 2026-01-31T12:00:00Z, 2026-01-31, yesterday,"
                    + " or 2h for two hours ago.")
    private String since = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Only files whose last change was before then.")
    private String until = "";

    @Option(names = "--dry-run", description = "Changes nothing. Prints the number of files and the first ids.")
    private boolean dryRun;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50",
            description = "The most files per second, 1 to 10000. Default: 50")
    private int rate = 50;

    @Mixin
    private final ActionOptions action = new ActionOptions();

    String id() {
        return id;
    }

    int rate() {
        return rate;
    }

    boolean dryRun() {
        return dryRun;
    }

    /** The request for one file. */
    OperatorRequest one(ApiClient api, BulkFiles.Wish wish) {
        return new OperatorRequest(
                api.by(action.by()), action.reason(), null, wish.force(), dryRun, wish.announce());
    }

    /**
     * The request for all files that a filter matches, from the first.
     *
     * @param limit the number of files of one request
     */
    BulkRequest many(ApiClient api, FilterRequest filter, BulkFiles.Wish wish, boolean dry, int limit) {
        return new BulkRequest(
                filter, api.by(action.by()), action.reason(), dry, limit, rate, wish.force(), null,
                wish.announce());
    }

    /**
     * The filter in the words of the HTTP API; {@link FilterRequest#ALL} if the user names one file by its id.
     *
     * @param failure the kind of failure of files that are FAILED; null for any
     */
    FilterRequest filter(Context context, @Nullable FailureKind failure) {
        String status = statuses.stream().map(Status::name).collect(Collectors.joining(","));
        var filter = new FilterRequest(
                given(status),
                given(route),
                given(destination),
                failure == null ? null : failure.name(),
                instant(context, "--since", since),
                instant(context, "--until", until));
        if (filter.equals(FilterRequest.ALL) == id.isEmpty()) {
            throw CommandException.usage(id.isEmpty()
                    ? "which files? Give an ID, or at least one filter such as --status, --route or --since"
                    : "give an ID or filters, not both");
        }
        if (rate < 1 || rate > 10_000) {
            throw CommandException.usage("--rate must be 1 to 10000, was " + rate);
        }
        return filter;
    }

    private static @Nullable String given(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable String instant(Context context, String option, String text) {
        return text.isEmpty() ? null : context.instant(option, text).toString();
    }
}
