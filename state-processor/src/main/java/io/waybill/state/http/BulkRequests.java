package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.Status;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.BulkAnswer;
import io.waybill.runtime.api.BulkRequest;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.approval.ApprovalAnswer;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.time.RateLimiter;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.TableNotReadyException;
import io.waybill.state.write.NotWrittenException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests of operators about many files at once. Each file gets its own request, at the instance that owns it. So that
 * instance checks and guards the request and records it in the file's history, as for a single file. A request ends
 * after a number of files or a time. Its answer has a cursor with which the operator continues. Waybill does no work
 * after the answer.
 */
public final class BulkRequests {
    static final int LARGEST_RATE = 10_000;

    /** Failures of files that a redrive by a filter does not mean. */
    private static final Set<String> NOT_MEANT = Set.of(
            FailureKind.CANCELLED.name(), FailureKind.SUPERSEDED.name(), FailureKind.SOURCE_GONE.name());

    private static final int DEFAULT_RATE = 50;
    private static final int PAGE = 200;
    /** After this time no further file is begun. It is shorter than the patience of any client. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Pages pages;
    private final Cluster cluster;
    private final PeerClient peers;
    private final FileRequests requests;
    private final ApprovalRequests approvals;
    private final AuditTrail trail;
    private final ProcessClock clock;
    private final Pause pause;

    public BulkRequests(
            Pages pages,
            Cluster cluster,
            PeerClient peers,
            FileRequests requests,
            ApprovalRequests approvals,
            AuditTrail trail,
            ProcessClock clock,
            Pause pause) {
        this.pages = pages;
        this.cluster = cluster;
        this.peers = peers;
        this.requests = requests;
        this.approvals = approvals;
        this.trail = trail;
        this.clock = clock;
        this.pause = pause;
    }

    /** The request for each file. */
    private record Order(Action action, FileFilter filter, OperatorRequest each) {
        /**
         * A redrive of a cancelled file undoes a decision, and a redrive of a file whose object is gone or replaced
         * fails. So an operator must name such a failure.
         */
        boolean leavesOut(FileAnswer file) {
            return action == Action.REDRIVE
                    && filter.failure().isEmpty()
                    && file.status().equals(Status.FAILED.name())
                    && NOT_MEANT.contains(file.phase().failure());
        }

        static Order of(BulkRequest request, Action action) {
            return new Order(
                    action,
                    Filters.of(request.filter(), action),
                    new OperatorRequest(
                            request.by(), request.reason(), null, request.force(), request.dryRun(),
                            request.announce()));
        }
    }

    /**
     * Where a request continues.
     *
     * @param after the last file that is done; empty for the beginning
     * @param end   files that changed then or later are not meant. A resend has one from its first request on: otherwise what
     *              is delivered for the first time meanwhile would be delivered twice
     */
    record BulkCursor(Optional<FileId> after, Optional<Instant> end) {
        private static final Pattern FORM = Pattern.compile("([a-z2-7]{26})(?:-([0-9]{1,14}))?");

        static BulkCursor of(@Nullable String text, Action action, Instant now) {
            boolean ends = action == Action.RESEND;
            Optional<Instant> began = ends ? Optional.of(now.truncatedTo(ChronoUnit.MILLIS)) : Optional.empty();
            if (text == null) {
                return new BulkCursor(Optional.empty(), began);
            }
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches() || matcher.group(2) != null && !ends) {
                throw ApiException.badRequest("cursor: expected that of the answer before, was '" + text + "'");
            }
            return new BulkCursor(
                    Optional.of(new FileId(matcher.group(1))),
                    Optional.ofNullable(matcher.group(2))
                            .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
                            .filter(said -> began.isPresent() && said.isBefore(began.get()))
                            .or(() -> began));
        }

        /** The same request about files that changed before the end. */
        BulkRequest within(BulkRequest request) {
            String until = request.filter().until();
            return end.filter(
                    last -> until == null || Parameters.parsed("until", until, Parameters::instant).isAfter(last))
                    .map(last -> request.within(request.filter().before(last.toString())))
                    .orElse(request);
        }

        /** The cursor of an answer. */
        String text(FileId done) {
            return done + end.map(last -> "-" + last.toEpochMilli()).orElse("");
        }
    }

    void redrive(Context http) throws InterruptedException {
        run(http, Action.REDRIVE);
    }

    void resend(Context http) throws InterruptedException {
        run(http, Action.RESEND);
    }

    void cancel(Context http) throws InterruptedException {
        run(http, Action.CANCEL);
    }

    private void run(Context http, Action action) throws InterruptedException {
        BulkRequest given = approvals.meant(http, action, RequestBodies.bulk(http, action));
        AuditTrail.about(http, ApiJson.write(given.filter()));
        BulkCursor from = BulkCursor.of(given.cursor(), action, clock.instant());
        BulkRequest request = from.within(given);
        Order order = Order.of(request, action);
        ApprovalAnswer held = approvals.hold(http, action, request, most -> count(http, order, most));
        if (held != null) {
            http.status(202).json(BulkAnswer.held(held));
            return;
        }
        int limit = request.limit() == null ? Parameters.LARGEST_LIMIT : request.limit();
        int rate = request.ratePerSecond() == null ? DEFAULT_RATE : request.ratePerSecond();
        var limiter = new RateLimiter(rate, clock, request.dryRun() ? _ -> {} : pause);
        var outcome = new BulkOutcome(
                request.dryRun(), from);
        try {
            go(http, order, limit, limiter, outcome);
        } catch (TableNotReadyException | NotWrittenException | ApiException e) {
            // The answer must show what was done so far. If the failure still exists, the next request reports it.
            if (outcome.matched() == 0 || e instanceof ApiException known && known.status() != 503) {
                throw e;
            }
        }
        if (!request.dryRun()) {
            trail.summary(http, outcome.counts(), "");
        }
        http.json(outcome.answer());
    }

    /**
     * How many files the whole request is about. The second person decides by this number, so it does not end at the first
     * file too many. Too slow to count is too many: then it is how many were counted, and more than {@code most}.
     */
    private long count(Context http, Order order, int most) {
        long end = clock.after(LONGEST);
        long count = 0;
        Optional<FileId> cursor = Optional.empty();
        do {
            if (clock.isOver(end)) {
                return Math.max(count, most + 1L);
            }
            FilePage page = pages.page(
                    http, order.filter(), cursor, Parameters.LARGEST_LIMIT, cluster.others());
            count += page.files().stream().filter(file -> !order.leavesOut(file)).count();
            cursor = Optional.ofNullable(page.cursor()).map(FileId::new);
        } while (cursor.isPresent());
        return count;
    }

    private void go(Context http, Order order, int limit, RateLimiter limiter, BulkOutcome outcome)
            throws InterruptedException {
        long end = clock.after(LONGEST);
        while (!outcome.ended() && outcome.matched() < limit && !clock.isOver(end)) {
            FilePage page = pages.page(
                    http, order.filter(), outcome.cursor(), Math.min(PAGE, limit - outcome.matched()),
                    cluster.others());
            for (FileAnswer file : page.files()) {
                if (clock.isOver(end)) {
                    return;
                }
                if (order.leavesOut(file)) {
                    outcome.leftOut(new FileId(file.id()));
                } else {
                    limiter.acquire();
                    ask(http, order, file, outcome);
                }
            }
            outcome.reached(page.cursor());
        }
    }

    private void ask(Context http, Order order, FileAnswer file, BulkOutcome outcome) {
        var id = new FileId(file.id());
        Optional<URI> owner = cluster.owner(id);
        if (owner.isPresent()) {
            PeerClient.Answer answer = peers.post(
                    http,
                    owner.get(),
                    Pages.PATH + "/" + id + "/" + order.action().word(),
                    order.each().of(file.sending()));
            told(id, answer.status(), answer.error(), outcome);
            return;
        }
        try {
            requests.ask(http, id, order.action(), order.each(), file.sending());
            outcome.accepted(id);
        } catch (ApiException e) {
            trail.refused(http, order.action().word(), Target.file(id.value()), e.status() + " " + e.getMessage());
            told(id, e.status(), String.valueOf(e.getMessage()), outcome);
        }
    }

    private static void told(FileId id, int status, String error, BulkOutcome outcome) {
        switch (status) {
            case 200, 202 -> outcome.accepted(id);
            // The file moved or left the table since it was listed, or the rules or the guard refuse the request.
            case 404, 409 -> outcome.refused(id, error);
            default -> throw ApiException.unavailable(error);
        }
    }
}
