package io.waybill.launcher.cli.action;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.domain.FileId;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.MovingLine;
import io.waybill.launcher.terminal.ProgressBar;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.AcceptedAnswer;
import io.waybill.runtime.api.BulkAnswer;
import io.waybill.runtime.api.BulkAnswer.Refusal;
import io.waybill.runtime.api.BulkRequest;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilterRequest;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.approval.ApprovalAnswer;
import io.waybill.runtime.api.approval.ApprovedRequest;
import io.waybill.runtime.service.ExitCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the HTTP API to redrive, resend or cancel files. Each request takes about a second, so that the command can show
 * progress. Ctrl-C ends the command between two files at any time: the files that were asked for until then are done,
 * and the others are untouched.
 */
final class BulkFiles {
    private static final int LARGEST_LIMIT = 1_000;

    private final Terminal terminal;
    private final ApiClient api;
    private final String action;
    private final BulkOptions options;

    /**
     * @param action the name of the action in the addresses of the API
     */
    BulkFiles(Terminal terminal, ApiClient api, String action, BulkOptions options) {
        this.terminal = terminal;
        this.api = api;
        this.action = action;
        this.options = options;
    }

    /** The results of all requests so far. */
    private record Total(
            boolean dryRun,
            long matched,
            long accepted,
            long refused,
            List<String> ids,
            List<Refusal> refusals,
            long leftOut,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ApprovalAnswer approval) {
        static Total of(BulkAnswer first) {
            return new Total(
                    first.dryRun(),
                    first.matched(),
                    first.accepted(),
                    first.refused(),
                    first.ids(),
                    first.refusals(),
                    first.leftOut(),
                    first.approval());
        }

        Total plus(BulkAnswer next) {
            return new Total(
                    next.dryRun(),
                    matched + next.matched(),
                    accepted + next.accepted(),
                    refused + next.refused(),
                    named(ids, next.ids()),
                    named(refusals, next.refusals()),
                    leftOut + next.leftOut(),
                    next.approval());
        }

        private static <T> List<T> named(List<T> before, List<T> next) {
            return Stream.concat(before.stream(), next.stream()).limit(BulkAnswer.NAMED).toList();
        }
    }

    /**
     * What is asked for beside the action.
     *
     * @param force    in spite of objections
     * @param announce tell importers once more, too
     */
    record Wish(boolean force, boolean announce) {
        static final Wish PLAIN = new Wish(false, false);
    }

    /**
     * Sends the requests and prints the result.
     *
     * @param filter {@link FilterRequest#ALL} for one file by its id
     * @return FAILED if a file was refused
     */
    ExitCode run(FilterRequest filter, Wish wish) {
        if (options.approved()) {
            return many((dry, limit) -> {
                ApprovedRequest request = options.approved(api, dry, limit);
                return cursor -> api.askMany(action, cursor == null ? request : request.from(cursor));
            });
        }
        return filter.equals(FilterRequest.ALL) ? one(wish) : many((dry, limit) -> {
            BulkRequest request = options.many(api, filter, wish, dry, limit);
            return cursor -> api.askMany(action, cursor == null ? request : request.from(cursor));
        });
    }

    /** Makes the requests about the same files, for a dry run or for good. */
    @FunctionalInterface
    private interface Plan {
        /**
         * @return sends the request that begins at a cursor, or at the first file
         */
        Function<@Nullable String, Optional<BulkAnswer>> requests(boolean dry, int limit);
    }

    private ExitCode one(Wish wish) {
        FileId file = FileIds.parse(options.id());
        OperatorRequest request = options.one(api, wish);
        if (request.dryRun()) {
            FileAnswer answer = api.tryOut(file, action, request).orElseThrow(() -> FileIds.unknown(file));
            terminal.result(answer,
                    file + " is " + Terminal.printable(answer.status()) + "; a " + action + " would be accepted");
        } else {
            AcceptedAnswer answer = api.ask(file, action, request).orElseThrow(() -> FileIds.unknown(file));
            String late = action.equals("cancel") ? ", also if it comes too late" : "";
            terminal.result(answer,
                    action + " of " + file + " requested; 'waybill show " + file + "' shows the result" + late);
        }
        return ExitCode.DONE;
    }

    private ExitCode many(Plan plan) {
        Total outcome = all(plan.requests(true, LARGEST_LIMIT), new AtomicLong());
        long total = outcome.matched();
        if (!options.dryRun() && total > 0) {
            var done = new AtomicLong();
            try (var line = new MovingLine(terminal, () -> progress(done.get(), total))) {
                line.start();
                int limit = Math.min(LARGEST_LIMIT, options.rate());
                outcome = all(plan.requests(false, limit), done);
            }
        }
        if (terminal.json()) {
            terminal.result(outcome);
        } else {
            print(outcome);
        }
        boolean left = outcome.approval() != null || outcome.refused() > 0 && !options.dryRun();
        return left ? ExitCode.FAILED : ExitCode.DONE;
    }

    private String progress(long done, long total) {
        String what = done + " of " + Amounts.count(total, "file") + ", at most " + options.rate() + " a second";
        // Files that begin to match meanwhile are done as well.
        double share = Math.min(1.0, (double) done / total);
        int width = Math.max(10, Math.min(40, terminal.columns() - what.length() - 10));
        return terminal.live() ? ProgressBar.render(share, width, terminal) + "  " + what : what;
    }

    /** Sends requests until no more files match. Returns the sum of their results. */
    private Total all(Function<@Nullable String, Optional<BulkAnswer>> requests, AtomicLong done) {
        BulkAnswer answer = requests.apply(null).orElseThrow(this::tooOld);
        Total sum = Total.of(answer);
        done.set(sum.matched());
        while (answer.cursor() != null) {
            answer = requests.apply(answer.cursor()).orElseThrow(this::tooOld);
            sum = sum.plus(answer);
            done.set(sum.matched());
        }
        return sum;
    }

    private CommandException tooOld() {
        return CommandException.failed(options.approved()
                ? "there is no such approval; 'waybill approvals' lists those of the last days"
                : "the server there cannot do this for many files; is it Waybill of this version?");
    }

    private void print(Total outcome) {
        if (outcome.leftOut() > 0) {
            terminal.result(outcome.leftOut() + " left out, because they are CANCELLED, SUPERSEDED or SOURCE_GONE; name"
                    + " one of these with --failure to redrive its files, too");
        }
        ApprovalAnswer approval = outcome.approval();
        if (approval != null) {
            refused(outcome);
            terminal.result(Amounts.count(approval.files(), "file")
                    + ": a second person must approve that. " + before(outcome)
                    + " Until " + Terminal.printable(FileView.seconds(approval.expires())) + " another person says:"
                    + " waybill approvals " + Terminal.printable(approval.id()) + " --approve");
            return;
        }
        if (outcome.matched() == 0) {
            terminal.result(outcome.leftOut() > 0 ? "no other file matches" : "no file matches");
            return;
        }
        refused(outcome);
        if (options.dryRun()) {
            outcome.ids().forEach(id -> terminal.result(Terminal.printable(id)));
            if (outcome.accepted() > outcome.ids().size()) {
                terminal.result("and " + (outcome.accepted() - outcome.ids().size()) + " more");
            }
        }
        String verb = options.dryRun() ? " would be requested for " : " requested for ";
        terminal.result(action + verb + Amounts.count(outcome.accepted(), "file") + ", refused for " + outcome.refused()
                + (options.dryRun() ? "; nothing was changed" : ""));
    }

    private void refused(Total outcome) {
        List<Refusal> refusals = outcome.refusals();
        refusals.forEach(refusal -> terminal.result(
                Terminal.printable(refusal.id()) + " refused: " + Terminal.printable(refusal.error())));
        if (outcome.refused() > refusals.size()) {
            terminal.result("and " + (outcome.refused() - refusals.size()) + " more refused");
        }
    }

    /** What was done before the request had to wait: more files may match it from one part to the next. */
    private String before(Total outcome) {
        return outcome.matched() == 0
                ? "Nothing is done."
                : action + " was requested for " + Amounts.count(outcome.accepted(), "file")
                        + " before, and refused for "
                        + outcome.refused() + "; the others are untouched.";
    }
}
