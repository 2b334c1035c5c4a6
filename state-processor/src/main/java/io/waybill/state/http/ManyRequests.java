package io.waybill.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.waybill.domain.FileId;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.state.table.FileFilter;
import io.waybill.state.table.TableNotReadyException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What operators ask of many files at once. Each file is asked for by itself, of the instance that owns it, so that it is
 * checked, guarded and told in its history like any other. A request ends after so many files or so much time, with a
 * cursor to go on from; nothing goes on in the background.
 */
public final class ManyRequests {
    private static final List<String> FIELDS =
            List.of("filter", "by", "reason", "dryRun", "limit", "ratePerSecond", "force", "cursor");
    private static final int DEFAULT_RATE = 50;
    private static final int LARGEST_RATE = 10_000;
    private static final int PAGE = 200;
    /** After which no further file is begun: less than any client's patience. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Pages pages;
    private final Cluster cluster;
    private final Peers peers;
    private final FileRequests requests;
    private final ProcessClock clock;
    private final Pace.Waiting waiting;

    public ManyRequests(
            Pages pages,
            Cluster cluster,
            Peers peers,
            FileRequests requests,
            ProcessClock clock,
            Pace.Waiting waiting) {
        this.pages = pages;
        this.cluster = cluster;
        this.peers = peers;
        this.requests = requests;
        this.clock = clock;
        this.waiting = waiting;
    }

    /** What is asked of each file. */
    private record Order(Action action, FileFilter filter, boolean dryRun, FileRequests.Wish wish) {}

    void redrive(Context http) throws InterruptedException {
        run(http, Action.REDRIVE);
    }

    void cancel(Context http) throws InterruptedException {
        run(http, Action.CANCEL);
    }

    private void run(Context http, Action action) throws InterruptedException {
        Body body = Body.of(http, FIELDS);
        boolean dryRun = body.flag("dryRun");
        var order = new Order(action, FilterBody.of(body, action), dryRun, FileRequests.Wish.of(body, action));
        int limit = body.count("limit", Parameters.LARGEST_LIMIT).orElse(Parameters.LARGEST_LIMIT);
        int rate = body.count("ratePerSecond", LARGEST_RATE).orElse(DEFAULT_RATE);
        var pace = new Pace(rate, clock, dryRun ? _ -> {} : waiting);
        var outcome = new Outcome(dryRun, body.optional("cursor", FileId::new));
        try {
            go(order, limit, pace, outcome);
        } catch (TableNotReadyException | EventWriter.NotWrittenException | ApiException e) {
            // Told by the next request, if it is still so: what was done till now must not be lost.
            if (outcome.matched() == 0 || e instanceof ApiException known && known.status() != 503) {
                throw e;
            }
        }
        http.json(outcome.json());
    }

    private void go(Order order, int limit, Pace pace, Outcome outcome) throws InterruptedException {
        long end = clock.after(LONGEST);
        while (!outcome.ended() && outcome.matched() < limit && !clock.isOver(end)) {
            var page = pages.page(
                    order.filter(), outcome.cursor(), Math.min(PAGE, limit - outcome.matched()), cluster.others());
            for (JsonNode file : page.path("files")) {
                if (clock.isOver(end)) {
                    return;
                }
                pace.turn();
                ask(order, file, outcome);
            }
            outcome.reached(page.path("cursor"));
        }
    }

    private void ask(Order order, JsonNode file, Outcome outcome) {
        var id = new FileId(file.path("id").asText());
        int sending = file.path("sending").asInt();
        Optional<URI> owner = cluster.owner(id);
        if (owner.isPresent()) {
            Peers.Answer answer = peers.post(
                    owner.get(),
                    Pages.PATH + "/" + id + "/" + order.action().word(),
                    order.wish().body(sending, order.dryRun()));
            told(id, answer.status(), answer.body().path("error").asText(), outcome);
            return;
        }
        try {
            requests.ask(id, order.action(), sending, order.wish(), order.dryRun());
            outcome.accepted(id);
        } catch (ApiException e) {
            told(id, e.status(), String.valueOf(e.getMessage()), outcome);
        }
    }

    private static void told(FileId id, int status, String error, Outcome outcome) {
        switch (status) {
            case 200, 202 -> outcome.accepted(id);
            // It moved, or left the table, since it was listed; or the rules or the guard are against it.
            case 404, 409 -> outcome.refused(id, error);
            default -> throw ApiException.unavailable(error);
        }
    }
}
