package io.waybill.launcher.report;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.NameFolding;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.Capability;
import io.waybill.sftp.ServerReport;
import io.waybill.sftp.ServerReport.Limits;
import io.waybill.sftp.ServerReport.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Prints the result of a probe of a destination's server. It shows no secrets of the configuration. */
public final class ProbeReport {
    private static final double NANOS_OF_A_MILLISECOND = 1e6;

    private final Terminal terminal;
    private final DestinationConfig destination;
    private final String directory;

    /**
     * @param directory where the probe wrote its files
     */
    public ProbeReport(Terminal terminal, DestinationConfig destination, String directory) {
        this.terminal = terminal;
        this.destination = destination;
        this.directory = directory;
    }

    public void print(ServerReport report) {
        if (terminal.json()) {
            terminal.result(json(report));
        } else {
            people(report);
        }
    }

    private void people(ServerReport report) {
        terminal.result(terminal.bold("destination " + destination.name()) + " (" + destination.user() + "@"
                + destination.host() + ":" + destination.port() + ")");
        line("server", report.software());
        line("round trip", String.format(Locale.ROOT, "%.1f ms", millis(report)));
        line("host key", report.hostKey() + ", pinned");
        report.algorithms().forEach((purpose, algorithm) -> line(purpose,
                algorithm.used() + (algorithm.weak() ? terminal.yellow(" weak") : "") + "  (offered: "
                        + String.join(", ", algorithm.offered()) + ")"));
        line("connections", report.connections().open() + " of " + report.connections().tried() + " at one time"
                + report.connections().refusal().map(why -> "; the next was refused: " + why).orElse(""));
        line("SFTP", "version " + report.protocol() + ", " + (report.extensions().isEmpty()
                ? "no extensions"
                : "offers " + String.join(", ", report.extensions())));
        line("limits", report.limits().map(ProbeReport::text).orElse("none told"));
        report.trial().ifPresentOrElse(this::trial, () -> terminal.result(terminal.red("FAULT ")
                + "files cannot be tried out in " + directory
                + ": it is not there or not ours to write to, or somebody takes files at once; give --directory"));
        terminal.result("");
        terminal.result("# for the configuration");
        profile(report).forEach(terminal::result);
    }

    private void trial(Trial trial) {
        line("tried in", directory);
        line("class", describe(trial.destinationClass()));
        line("atomic rename", yes(trial, Capability.REPLACE));
        line("plain rename", !trial.keeps().contains(Capability.RENAME)
                ? "no"
                : trial.keeps().contains(Capability.RENAME_REFUSES)
                        ? "refuses a name that is taken"
                        : "overwrites a name that is taken");
        line("fsync", "files " + yes(trial, Capability.SYNC) + ", directories "
                + yes(trial, Capability.SYNC_DIRECTORY));
        line("setstat", yes(trial, Capability.TRUNCATE));
        line("free space told", yes(trial, Capability.FREE_SPACE));
        line("stat", "size " + (trial.size() ? "told" : "not told") + ", time "
                + (trial.modified() ? "told" : "not told"));
        line("names", trial.foldNames().map(ProbeReport::describe).orElse("could not be compared"));
        line("open files", trial.handles().isEmpty()
                ? "not tried, because files cannot be removed"
                : trial.handles().getAsInt() + (trial.moreHandles() ? " or more" : "") + " at one time");
        line("channels", trial.channels() + " of one connection, for one file "
                + trial.anyOrder()
                        .map(any -> any ? "in any order" : "one only: bytes must come in order")
                        .orElse(trial.channels() == 1 ? "one" : "perhaps one only: that could not be tried"));
        if (!trial.leftBehind().isEmpty()) {
            line("left behind", "perhaps " + String.join(", ", trial.leftBehind()) + ": removing is refused");
        }
    }

    private void line(String what, String value) {
        terminal.result(String.format(Locale.ROOT, "  %-16s %s", what, Terminal.printable(value)));
    }

    private static String yes(Trial trial, Capability capability) {
        return trial.keeps().contains(capability) ? "yes" : "no";
    }

    private static double millis(ServerReport report) {
        return report.roundTrip().toNanos() / NANOS_OF_A_MILLISECOND;
    }

    private static String text(Limits limits) {
        return "packets " + limits.packet() + ", reads " + limits.read() + ", writes " + limits.write() + " bytes, "
                + (limits.handles() == 0 ? "no limit of open files" : limits.handles() + " open files");
    }

    private static String describe(DestinationClass destinationClass) {
        return switch (destinationClass) {
            case ATOMIC_DURABLE -> "A: atomic and durable";
            case ATOMIC -> "B: atomic, not durable";
            case NON_ATOMIC -> "C: renames without overwriting";
            case DIRECT -> "D: no rename; written in place with a done-file";
        };
    }

    private static String describe(NameFolding folding) {
        return switch (folding) {
            case NONE -> "upper and lower case differ, and so do composed and decomposed letters";
            case CASE -> "upper and lower case are one name";
            case UNICODE -> "composed and decomposed letters are one name";
            case BOTH -> "upper and lower case are one name, and so are composed and decomposed letters";
        };
    }

    private static Optional<String> foldNames(ServerReport report) {
        return report.trial().flatMap(Trial::foldNames).map(folding -> folding.name().toLowerCase(Locale.ROOT));
    }

    /** The configuration values that follow from the result. */
    private List<String> profile(ServerReport report) {
        var lines = new ArrayList<String>();
        lines.add("destinations:");
        lines.add("  " + destination.name() + ":");
        report.trial().ifPresent(trial -> lines.add("    # class " + trial.destinationClass().letter()));
        lines.add("    maxConnections: " + report.connections().open());
        lines.add("    inFlight: " + inFlight(report));
        channels(report).ifPresent(channels -> lines.add("    channels: " + channels));
        foldNames(report).ifPresent(folding -> lines.add("    foldNames: " + folding));
        return lines;
    }

    private static OptionalInt channels(ServerReport report) {
        return report.trial().map(Trial::channelsOfAFile).orElseGet(OptionalInt::empty);
    }

    private int inFlight(ServerReport report) {
        int handles = report.trial().stream()
                .flatMapToInt(trial -> trial.handleLimit().stream())
                .findAny()
                .orElse(destination.inFlight());
        return Math.clamp(handles, 1, destination.inFlight());
    }

    private Map<String, Object> json(ServerReport report) {
        var json = new LinkedHashMap<String, Object>();
        json.put("destination", destination.name().value());
        json.put("server", report.software());
        json.put("roundTripMillis", millis(report));
        json.put("hostKey", report.hostKey());
        var algorithms = new LinkedHashMap<String, Object>();
        report.algorithms().forEach((purpose, algorithm) -> algorithms.put(purpose,
                Map.of("used", algorithm.used(), "weak", algorithm.weak(), "offered", algorithm.offered())));
        json.put("algorithms", algorithms);
        json.put("connections", report.connections().open());
        json.put("connectionsTried", report.connections().tried());
        report.connections().refusal().ifPresent(why -> json.put("connectionRefusal", why));
        json.put("protocol", report.protocol());
        json.put("extensions", report.extensions());
        report.limits().ifPresent(limits -> json.put("limits", Map.of(
                "packet", limits.packet(), "read", limits.read(), "write", limits.write(), "handles",
                limits.handles())));
        report.trial().ifPresent(trial -> json.put("trial", json(trial)));
        var profile = new LinkedHashMap<String, Object>();
        profile.put("maxConnections", report.connections().open());
        profile.put("inFlight", inFlight(report));
        channels(report).ifPresent(channels -> profile.put("channels", channels));
        foldNames(report).ifPresent(folding -> profile.put("foldNames", folding));
        json.put("profile", profile);
        return json;
    }

    private Map<String, Object> json(Trial trial) {
        var json = new LinkedHashMap<String, Object>();
        json.put("directory", directory);
        json.put("class", trial.destinationClass().letter());
        json.put("keeps", names(trial.keeps().stream()));
        json.put("lacks", names(trial.lacks().stream()));
        trial.handles().ifPresent(handles -> json.put("openFiles", handles));
        json.put("openFilesAtLeast", trial.moreHandles());
        json.put("channels", trial.channels());
        trial.anyOrder().ifPresent(any -> json.put("anyOrder", any));
        json.put("tellsSize", trial.size());
        json.put("tellsTime", trial.modified());
        json.put("leftBehind", trial.leftBehind());
        return json;
    }

    private static List<String> names(Stream<Capability> capabilities) {
        return capabilities.sorted().map(Capability::name).toList();
    }
}
