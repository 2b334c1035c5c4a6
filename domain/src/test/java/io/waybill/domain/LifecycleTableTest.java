package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every phase against every event, as one text: {@code lifecycle-table.txt} says how to read it. A change of the rules
 * is a visible change of that file; after a wanted one, the new text is found in {@code target/lifecycle-table.txt}.
 */
final class LifecycleTableTest {
    private static final Attempt CURRENT = new Attempt(2, 2);

    @Test
    void shouldDecideEveryEventInEveryPhaseAsTheTableSays() throws IOException {
        String actual = String.join("\n", tables()) + "\n";

        Files.writeString(Path.of("target", "lifecycle-table.txt"), expectedHead() + actual);
        assertThat(actual).isEqualTo(expectedTables());
    }

    private static List<String> tables() {
        var tables = new ArrayList<String>();
        tables.add(table("delivery, then import: stage DELIVERY", Example.DELIVERY_THEN_IMPORT, Stage.DELIVERY));
        tables.add(table("delivery, then import: stage IMPORT", Example.DELIVERY_THEN_IMPORT, Stage.IMPORT));
        tables.add(table("delivery only: stage DELIVERY", Example.DELIVERY_ONLY, Stage.DELIVERY));
        tables.add(table("hosted drop: stage IMPORT", Example.HOSTED_DROP, Stage.IMPORT));
        tables.add(table("hosted drop with heartbeats: stage IMPORT", Example.HEARTBEATS, Stage.IMPORT));
        return tables;
    }

    private static String table(String title, Route route, Stage stage) {
        Map<String, @Nullable FileState> files = files(route, stage);
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<String>();
        head.add("");
        head.addAll(files.keySet());
        rows.add(head);
        var idle = new ArrayList<String>();
        events(stage).forEach((name, event) -> {
            List<String> cells = files.values().stream()
                    .map(file -> cell(file, new Lifecycle(route).apply(file, event)))
                    .toList();
            if (cells.stream().allMatch(cell -> cell.length() == 1) && cells.getFirst().equals("!")) {
                idle.add(name);
            } else {
                rows.add(Stream.concat(Stream.of(name), cells.stream()).toList());
            }
        });
        return "== " + title + "\n" + aligned(rows) + "Rejected for none, ignored in every phase:\n" + grouped(idle);
    }

    /** One line for each kind of event: "Started: 1.2, 2.1". */
    private static String grouped(List<String> names) {
        var attempts = new LinkedHashMap<String, List<String>>();
        for (String name : names) {
            int space = name.lastIndexOf(' ');
            attempts.computeIfAbsent(name.substring(0, space), _ -> new ArrayList<>())
                    .add(name.substring(space + 1));
        }
        return attempts.entrySet().stream()
                .map(entry -> "  " + entry.getKey() + ": " + String.join(", ", entry.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static Map<String, @Nullable FileState> files(Route route, Stage stage) {
        var phases = new LinkedHashMap<String, Phase>();
        var doubt = new Failure(FailureKind.IN_DOUBT, "");
        var cancelled = new Failure(FailureKind.CANCELLED, "");
        var broken = new Failure(FailureKind.CONNECTION_LOST, "");
        phases.put("Queued", new Phase.Queued(stage, CURRENT, NOW));
        phases.put("Waiting", new Phase.Waiting(
                stage, CURRENT, NOW.plusSeconds(2), NOW.plusSeconds(1), Phase.Waiting.Cause.FAILURE, broken));
        phases.put("Started", new Phase.Started(stage, CURRENT, NOW, NOW, "worker-1"));
        phases.put("Last", new Phase.Started(stage, CURRENT.next(), NOW, NOW, "worker-1"));
        phases.put("Completed", new Phase.Completed(stage, CURRENT, false));
        phases.put("Failed", new Phase.Failed(stage, CURRENT, broken));
        phases.put("Cancelled", new Phase.Failed(stage, CURRENT, cancelled));
        phases.put("InDoubt", new Phase.Failed(stage, CURRENT, doubt));
        phases.put("TimedOut", new Phase.TimedOut(stage, CURRENT, DeadlineKind.UNFINISHED));
        var files = new LinkedHashMap<String, @Nullable FileState>();
        files.put("none", null);
        phases.forEach((name, phase) -> files.put(name, Example.file(route, phase)));
        FileState completed = Example.file(route, new Phase.Completed(stage, CURRENT, false));
        if (stage == Stage.DELIVERY) {
            // At its third sending, after the second delivered it.
            FileState resent = moved(route, completed, Example.resend(2, false));
            files.put("Resent", resent);
            files.put("FailedAgain", moved(
                    route, resent, Example.failed(stage, new Attempt(3, 1), FailureKind.FORBIDDEN)));
        }
        files.put("Forgotten", moved(route, completed, Example.forget(2)));
        return files;
    }

    private static FileState moved(Route route, FileState file, FileEvent event) {
        return ((Moved) new Lifecycle(route).apply(file, event)).state();
    }

    private static Map<String, FileEvent> events(Stage own) {
        var events = new LinkedHashMap<String, FileEvent>();
        events.put("Arrived", Example.arrived());
        for (Stage stage : Stage.values()) {
            for (Attempt attempt : List.of(
                    new Attempt(1, 2), new Attempt(2, 1), CURRENT, new Attempt(2, 3), new Attempt(3, 1))) {
                String of = (stage == own ? " " : " at the other stage ") + attempt;
                events.put("Started" + of, Example.started(stage, attempt));
                events.put("Heartbeat" + of, Example.heartbeat(stage, attempt, NOW));
                events.put("Completed" + of, Example.completed(stage, attempt));
                events.put("Failed to retry" + of, Example.failed(stage, attempt, FailureKind.STALLED));
                events.put("Failed for good" + of, Example.failed(stage, attempt, FailureKind.FORBIDDEN));
                events.put("Failed in doubt" + of, Example.failed(stage, attempt, FailureKind.IN_DOUBT));
                events.put("Failed in doubt, resend" + of, Example.doubtToResend(stage, attempt));
                events.put("Deferred" + of, Example.deferred(stage, attempt, NOW.plusSeconds(30)));
            }
        }
        for (DeadlineKind kind : DeadlineKind.values()) {
            events.put(kind + " now", Example.deadline(kind, 7));
            events.put(kind + " stale", Example.deadline(kind, 6));
        }
        for (int sending : List.of(1, 2, 3)) {
            events.put("RedriveRequested " + sending, Example.redrive(sending));
            events.put("CancelRequested " + sending, Example.cancel(sending));
            events.put("ResendRequested " + sending, Example.resend(sending, false));
            events.put("ResendRequested announced " + sending, Example.resend(sending, true));
            events.put("ForgetRequested " + sending, Example.forget(sending));
            for (Resolution resolution : Resolution.values()) {
                events.put("ResolveRequested " + resolution + " " + sending, Example.resolve(sending, resolution));
            }
        }
        return events;
    }

    private static String cell(@Nullable FileState before, Decision decision) {
        return switch (decision) {
            case Ignored _ -> ".";
            case Rejected _ -> "!";
            case Moved(var file, _) when file.forgotten() -> "forgotten";
            case Moved(var file, _) when before != null && before.phase().equals(file.phase()) -> "noted";
            case Moved(var file, var effects) -> phase(before, file.phase()) + effects(effects);
        };
    }

    private static String phase(@Nullable FileState before, Phase phase) {
        String detail =
                switch (phase) {
                    case Phase.Completed(_, _, var late) -> late ? " late" : "";
                    case Phase.Failed(_, _, var failure) -> " " + failure.kind();
                    case Phase.TimedOut(_, _, var kind) -> " " + kind;
                    case Phase.Open _ -> "";
                };
        boolean sameStage = before == null || before.phase().stage() == phase.stage();
        return phase.getClass().getSimpleName() + (sameStage ? "" : " " + phase.stage()) + " " + phase.attempt()
                + detail;
    }

    private static String effects(List<Effect> effects) {
        return effects.stream()
                .map(effect -> switch (effect) {
                    case Effect.Dispatch _ -> " +work";
                    case Effect.GiveUp _ -> " +control";
                    case Effect.Announce _ -> " +ready";
                })
                .collect(Collectors.joining());
    }

    private static String aligned(List<List<String>> rows) {
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
                line.append(row.get(column)).repeat(' ', width - row.get(column).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String expectedHead() throws IOException {
        String all = resource();
        return all.substring(0, all.indexOf("== "));
    }

    private static String expectedTables() throws IOException {
        String all = resource();
        return all.substring(all.indexOf("== "));
    }

    private static String resource() throws IOException {
        try (InputStream text = LifecycleTableTest.class.getResourceAsStream("lifecycle-table.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
