package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.domain.FileId;
import io.waybill.launcher.terminal.MovingLine;
import io.waybill.launcher.terminal.ProgressBar;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.service.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks the HTTP API to redrive or cancel files, a second's worth at a time, so that there is something to show, and so that
 * Ctrl-C ends it between two files at any time: what was asked for till then is done, and the rest is untouched.
 */
final class ManyFiles {
    private static final int LARGEST_LIMIT = 1_000;
    /** Refusals and ids that are told one by one. */
    private static final int TOLD = 10;

    private final Terminal terminal;
    private final ApiClient api;
    private final String action;
    private final ManyOptions options;

    /**
     * @param action as in the addresses of the API
     */
    ManyFiles(Terminal terminal, ApiClient api, String action, ManyOptions options) {
        this.terminal = terminal;
        this.api = api;
        this.action = action;
        this.options = options;
    }

    /**
     * Does it, and tells what came of it.
     *
     * @param filter empty for one file by its id
     * @param body   who, why and what else the API is told with every request
     * @return FAILED if a file was refused
     */
    ExitCode run(Map<String, String> filter, Map<String, Object> body) {
        return filter.isEmpty() ? one(body) : many(filter, body);
    }

    private ExitCode one(Map<String, Object> body) {
        FileId file = ShowCommand.fileId(options.id());
        JsonNode answer =
                api.post("/v1/files/" + file + "/" + action, body).orElseThrow(() -> ShowCommand.unknown(file));
        if (terminal.json()) {
            terminal.result(answer);
        } else if (options.dryRun()) {
            terminal.result(file + " is " + FileView.text(answer, "status") + "; a " + action + " would be accepted");
        } else {
            String late = action.equals("cancel") ? ", also if it came too late" : "";
            terminal.result(
                    action + " of " + file + " requested; 'waybill show " + file + "' tells how it goes" + late);
        }
        return ExitCode.DONE;
    }

    private ExitCode many(Map<String, String> filter, Map<String, Object> body) {
        var dry = new LinkedHashMap<>(body);
        dry.put("dryRun", true);
        ObjectNode outcome = all(filter, dry, LARGEST_LIMIT, new AtomicLong());
        long total = outcome.path("matched").asLong();
        if (!options.dryRun() && total > 0) {
            var done = new AtomicLong();
            try (var line = new MovingLine(terminal, () -> progress(done.get(), total))) {
                line.start();
                outcome = all(filter, body, Math.min(LARGEST_LIMIT, options.rate()), done);
            }
        }
        if (terminal.json()) {
            terminal.result(outcome);
        } else {
            print(outcome);
        }
        return outcome.path("refused").asLong() > 0 && !options.dryRun() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private String progress(long done, long total) {
        String what = done + " of " + total + " files, at most " + options.rate() + " a second";
        // Files that came to match meanwhile are done as well.
        double share = Math.min(1.0, (double) done / total);
        int width = Math.max(10, Math.min(40, terminal.columns() - what.length() - 10));
        return terminal.live() ? ProgressBar.render(share, width, terminal) + "  " + what : what;
    }

    /** Request after request until there is nothing left that matches; the sum of what came of them. */
    private ObjectNode all(Map<String, String> filter, Map<String, Object> body, int limit, AtomicLong done) {
        ObjectNode sum = JsonNodeFactory.instance.objectNode();
        String cursor = "";
        do {
            var request = new LinkedHashMap<>(body);
            request.put("filter", filter);
            request.put("limit", limit);
            request.put("ratePerSecond", options.rate());
            if (!cursor.isEmpty()) {
                request.put("cursor", cursor);
            }
            JsonNode part = api.post("/v1/" + action, request).orElseThrow(ManyFiles::tooOld);
            add(sum, part);
            done.set(sum.path("matched").asLong());
            cursor = FileView.text(part, "cursor");
        } while (!cursor.isEmpty());
        return sum;
    }

    private static void add(ObjectNode sum, JsonNode part) {
        sum.put("dryRun", part.path("dryRun").asBoolean());
        for (String count : new String[] {"matched", "accepted", "refused"}) {
            sum.put(count, sum.path(count).asLong() + part.path(count).asLong());
        }
        for (String list : new String[] {"ids", "refusals"}) {
            var all = sum.withArrayProperty(list);
            part.path(list).forEach(item -> {
                if (all.size() < TOLD) {
                    all.add(item);
                }
            });
        }
    }

    private static CommandException tooOld() {
        return CommandException
                .failed("what answers there cannot do this for many files; is it Waybill of this version?");
    }

    private void print(JsonNode outcome) {
        long accepted = outcome.path("accepted").asLong();
        long refused = outcome.path("refused").asLong();
        if (accepted + refused == 0) {
            terminal.result("no file matches");
            return;
        }
        outcome.path("refusals").forEach(refusal -> terminal.result(
                FileView.text(refusal, "id") + " refused: " + FileView.text(refusal, "error")));
        if (refused > outcome.path("refusals").size()) {
            terminal.result("and " + (refused - outcome.path("refusals").size()) + " more refused");
        }
        if (options.dryRun()) {
            outcome.path("ids").forEach(id -> terminal.result(Terminal.printable(id.asText())));
            if (accepted > outcome.path("ids").size()) {
                terminal.result("and " + (accepted - outcome.path("ids").size()) + " more");
            }
        }
        String verb = options.dryRun() ? " would be requested for " : " requested for ";
        terminal.result(action + verb + accepted + " files, refused for " + refused
                + (options.dryRun() ? "; nothing was changed" : ""));
    }
}
