package io.waybill.e2e.crash;

import io.waybill.e2e.crash.FaultLog.Done;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of a run.
 *
 * @param never         points that nobody passed
 * @param storeFailures what went wrong while files were put
 * @param askings       what the operator wanted
 */
record CrashReport(
        Profile profile,
        Protocol protocol,
        long seed,
        Duration taken,
        FaultLog log,
        List<String> never,
        List<String> storeFailures,
        Operator.Askings askings,
        History history) {
    private static final int MOST_SHOWN = 20;

    List<Violation> violations() {
        return history.violations();
    }

    List<FileHistory> inDoubt() {
        return history.files().stream().filter(file -> file.doubt().isPresent()).toList();
    }

    /** Leaves it in a file of the build directory, and prints it if a promise was broken that the protocol makes. */
    CrashReport publish(String name) throws IOException {
        String text = text();
        Path file = Files.writeString(Files.createDirectories(Path.of("target")).resolve(name), text);
        boolean broken = protocol == Protocol.TWO_PHASE && !violations().isEmpty();
        String shown = broken
                ? text
                : "Crash matrix, %s, %s: %d faults, %d files, %d s; its report is e2e/%s".formatted(profile, protocol,
                        log.done().size(), history.files().size(), taken.toSeconds(), file);
        System.out.println(shown); // allow console: it is what the run was for
        return this;
    }

    String text() {
        return Stream.of(summary(), lives(), checks(), doubts(), actions(), cells(), rest())
                .collect(Collectors.joining("\n"));
    }

    private String summary() {
        int faults = log.done().size();
        long open = history.files().stream().filter(file -> !file.isCompleted()).count();
        return """
                # Crash matrix, %s, %s

                | what | |
                |---|---|
                | seed | %d |
                | took | %d s, %.2f s a fault |
                | faults | %d |
                | files | %d, of which %d were not accepted for certain |
                | publishes seen | %d, duplicates %d |
                | not COMPLETED | %d, in doubt %d |
                | violations | %d |
                | failure probability of a fault, 95 %% upper bound | %s |
                """.formatted(
                profile, protocol, seed, taken.toSeconds(), taken.toMillis() / 1000.0 / Math.max(1, faults), faults,
                history.files().size(), history.files().stream().filter(file -> !file.sent().certain()).count(),
                history.publishes(), history.duplicates(), open, inDoubt().size(), violations().size(), bound(faults));
    }

    private String lives() {
        return """
                ## Lives

                | what | |
                |---|---|
                | keys with several versions | %d, of %d versions in all |
                | versions SUPERSEDED | %d |
                | versions replaced before Waybill asked for them | %d |
                | published after a later version of the same second, both of them replaced | %d |
                | cancels asked | %d, accepted %d |
                | files CANCELLED in the end | %d |
                | redrives asked | %d, accepted %d |
                | resends asked | %d, accepted %d |
                | redrives and resends followed by another sending | %d |
                | published again after a redrive or resend | %d |
                | older files set aside | %d, of which put back %d |
                """.formatted(
                history.count(file -> file.versions().size() > 1 && file.version().number() == 1),
                history.count(file -> file.versions().size() > 1),
                history.count(FileHistory::isSuperseded),
                history.count(file -> file.sent().certain() && file.states().isEmpty() && file.isReplaced()),
                history.sum(FileHistory::disorders),
                askings.cancels(), askings.cancelsAccepted(),
                history.count(FileHistory::isCancelled),
                askings.redrives(), askings.redrivesAccepted(),
                askings.resends(), askings.resendsAccepted(),
                history.sum(FileHistory::redrives),
                history.sum(file -> file.redrives() == 0 ? 0 : Math.max(0, file.publishes().size() - 1)),
                history.sum(FileHistory::setAside), history.sum(FileHistory::putBack));
    }

    /** With none seen in n, it is below 3/n with 95 % confidence. */
    private String bound(int faults) {
        return violations().isEmpty() && faults > 0
                ? String.format(Locale.ROOT, "%.5f", 3.0 / faults)
                : "there were violations";
    }

    private String checks() {
        var lines = new StringBuilder("## Promises\n\n| promise | files | violations |\n|---|---|---|\n");
        for (Checker checker : Checker.all()) {
            lines.append("| %s | %d | %d |\n".formatted(
                    checker.promise(), history.files().size(), checker.violations(history).size()));
        }
        violations().stream().limit(MOST_SHOWN).forEach(one -> lines.append("\n* ").append(one).append('\n'));
        return lines.toString();
    }

    private String doubts() {
        return inDoubt().stream()
                .map(file -> "* in doubt: " + file.name() + ": " + file.doubt().orElse("") + '\n')
                .collect(Collectors.joining());
    }

    private String actions() {
        var lines = new StringBuilder(
                "## Actions\n\n| action | faults | waited, mean ms | took, mean ms |\n|---|---|---|---|\n");
        Map<FaultAction, List<Done>> byAction = log.done().stream()
                .collect(Collectors.groupingBy(one -> one.fault().action(), TreeMap::new, Collectors.toList()));
        byAction.forEach((action, all) -> lines.append("| %s | %d | %d | %d |\n".formatted(
                action, all.size(), mean(all, Done::waited), mean(all, Done::took))));
        return lines.toString();
    }

    private static long mean(List<Done> all, Function<Done, Duration> value) {
        return Math.round(all.stream().mapToLong(one -> value.apply(one).toMillis()).average().orElse(0));
    }

    private String cells() {
        var header = Stream.of(FaultAction.values()).map(action -> " " + action + " |").collect(Collectors.joining());
        var lines =
                new StringBuilder(
                        "## Points\n\n| point |" + header + "\n|---|" + "---|".repeat(FaultAction.values().length));
        Map<String, Map<FaultAction, Long>> byPoint = log.done().stream()
                .map(Done::fault)
                .collect(Collectors.groupingBy(Fault::point, TreeMap::new, Collectors.groupingBy(
                        Fault::action, () -> new EnumMap<>(FaultAction.class), Collectors.counting())));
        byPoint.forEach((point, byAction) -> lines.append("\n| ").append(point).append(" |")
                .append(Stream.of(FaultAction.values())
                        .map(action -> " " + byAction.getOrDefault(action, 0L) + " |")
                        .collect(Collectors.joining())));
        return lines.append('\n').toString();
    }

    private String rest() {
        String missed = log.missed().stream()
                .filter(fault -> !never.contains(fault.point()))
                .sorted(Comparator.comparing(Fault::cell))
                .map(Fault::cell)
                .distinct()
                .collect(Collectors.joining(", "));
        return "Planned, and not reached in time: " + missed + "\n\nNever passed: " + String.join(", ", never)
                + "\n\nWorkers that ended by themselves: " + log.ends().size() + " " + log.ends()
                + "\n\nPuts that the store did not answer properly: " + storeFailures.size() + " "
                + storeFailures.stream().distinct().limit(3).toList() + "\n";
    }
}
