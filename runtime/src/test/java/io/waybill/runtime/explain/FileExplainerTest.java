package io.waybill.runtime.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Phase.Waiting.Cause;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.Target;
import io.waybill.runtime.api.explain.WhyAnswer;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.Halt;
import io.waybill.runtime.halt.Halt.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * "Why does this file not move?", answered for every phase. The sentences are in {@code why.txt}; after a wanted change the
 * new text is found in {@code target/why.txt}.
 */
final class FileExplainerTest {
    private static final WaybillConfig CONFIG = WaybillConfig.parse(
            "test",
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            destinations:
              acme: { host: h, user: u, password: env:P, hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"] }
            routes:
              invoices:
                source: { bucket: outbound }
                deliver: { destination: acme, path: "/in/{name}" }
                import: { required: true }
                retry: { maxAttempts: 3 }
            """,
            new Overrides(Map.of(), Map.of("P", "secret")),
            List.of());
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant WEEK = NOON.plus(Duration.ofDays(7));
    private static final Instant SOON = NOON.plusSeconds(300);
    private static final Attempt SECOND = new Attempt(1, 2);
    private static final FileId ID = new FileId("mfrggzdfmztwq2lkmnxw4zlt2y");
    private static final Target TARGET = new Target(new DestinationName("acme"), new RemotePath("/in/a.csv"));
    private static final Receipt RECEIPT = new Receipt(
            TARGET.path(), 42, "", Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ofMillis(250));

    private final FileExplainer explainer = new FileExplainer(CONFIG);

    private static FileState file(@Nullable Target target, @Nullable Receipt receipt, Phase phase) {
        var source = new SourceObject("outbound", "a.csv", null, "e1", 42, NOON.minusSeconds(90));
        return new FileState(
                ID, new RouteName("invoices"), source, target, target == null ? null : 3, phase, receipt, 5,
                NOON.minusSeconds(60), NOON);
    }

    private static FileState file(Phase phase) {
        return file(TARGET, phase.stage() == Stage.IMPORT || phase.status().name().equals("COMPLETED") ? RECEIPT : null,
                phase);
    }

    private static Phase.Waiting waiting(Stage stage, Attempt attempt, Cause cause, FailureKind kind, String detail) {
        return new Phase.Waiting(stage, attempt, WEEK, SOON, cause, new Failure(kind, detail));
    }

    private static FileState deferred(FailureKind kind, String detail) {
        return file(waiting(Stage.DELIVERY, Attempt.FIRST, Cause.DEFERRAL, kind, detail));
    }

    private static FileState failed(FailureKind kind, String detail) {
        return file(new Phase.Failed(Stage.DELIVERY, SECOND, new Failure(kind, detail)));
    }

    private static AttemptFailure deferral() {
        return new AttemptFailure(
                AttemptFailure.Kind.DEFERRED, NOON.minusSeconds(3_600), NOON, Stage.DELIVERY, Attempt.FIRST,
                new Failure(FailureKind.UNREACHABLE, "connection refused"), SOON, 9);
    }

    private static AttemptFailure timedOut() {
        return new AttemptFailure(
                AttemptFailure.Kind.UNCLAIMED, NOON, NOON, Stage.DELIVERY, Attempt.FIRST, null, null, 1);
    }

    private static Map<String, FileState> files() {
        var files = new LinkedHashMap<String, FileState>();
        files.put("queued", file(new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, WEEK)));
        files.put("redriven", file(new Phase.Queued(Stage.DELIVERY, new Attempt(2, 1), WEEK)));
        files.put("to be imported", file(new Phase.Queued(Stage.IMPORT, Attempt.FIRST, WEEK)));
        files.put("failed once",
                file(waiting(Stage.DELIVERY, SECOND, Cause.FAILURE, FailureKind.STALLED, "no byte for 60s")));
        files.put("failed but for one", file(waiting(
                Stage.DELIVERY, new Attempt(1, 3), Cause.FAILURE, FailureKind.DISK_FULL, "no space left")));
        files.put("import failed",
                file(waiting(Stage.IMPORT, SECOND, Cause.FAILURE, FailureKind.IMPORT_FAILED, "no database")));
        files.put("destination down", deferred(FailureKind.HOST_KEY, "the server shows SHA256:x"));
        files.put("bucket down", deferred(FailureKind.SOURCE_UNREACHABLE, "503"));
        files.put("in an archive", deferred(FailureKind.SOURCE_FORBIDDEN, "InvalidObjectState"));
        files.put("given up before its next try", file(new Phase.Waiting(
                Stage.DELIVERY, Attempt.FIRST, SOON, WEEK, Cause.DEFERRAL,
                new Failure(FailureKind.UNREACHABLE, "connection refused"))));
        files.put("route unknown", file(null, null, new Phase.Waiting(
                Stage.DELIVERY, Attempt.FIRST, WEEK, WEEK.plusMillis(1), Cause.DEFERRAL,
                new Failure(FailureKind.UNKNOWN_DESTINATION, "no route of the name 'invoices' is configured here"))));
        files.put("under way", file(new Phase.Started(Stage.DELIVERY, Attempt.FIRST, WEEK, SOON, "worker-1")));
        files.put("claimed",
                file(new Phase.Started(Stage.IMPORT, Attempt.FIRST, WEEK, WEEK, SOON, "crm/one")));
        files.put("done", file(new Phase.Completed(Stage.IMPORT, Attempt.FIRST, false)));
        files.put("done late", file(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, true)));
        files.put("resent", file(TARGET, RECEIPT, new Phase.Queued(Stage.DELIVERY, new Attempt(2, 1), WEEK)));
        files.put("resent in vain", file(TARGET, RECEIPT, new Phase.Failed(
                Stage.DELIVERY, new Attempt(2, 1), new Failure(FailureKind.SUPERSEDED, "a newer version is there"))));
        files.put("resend refused", file(TARGET, RECEIPT, new Phase.Completed(Stage.DELIVERY, SECOND, false))
                .with(new AttemptFailures(List.of(new AttemptFailure(
                        AttemptFailure.Kind.FAILED, NOON, NOON, Stage.DELIVERY, SECOND,
                        new Failure(FailureKind.SUPERSEDED, "a newer version is there"), null, 1)), 0)));
        files.put("unchanged", file(new Phase.Failed(
                Stage.DELIVERY, Attempt.FIRST, Failure.unchanged("it was delivered before"))));
        files.put("in doubt", failed(FailureKind.IN_DOUBT, "the answer to the rename was lost"));
        files.put("refused", failed(FailureKind.FORBIDDEN, "may not write to /in"));
        files.put("cancelled", failed(FailureKind.CANCELLED, "cancelled by ann: sent by mistake"));
        files.put("gone", failed(FailureKind.SOURCE_GONE, "404"));
        files.put("rejected", file(new Phase.Failed(
                Stage.IMPORT, SECOND, new Failure(FailureKind.IMPORT_REJECTED, "no such customer"))));
        files.put("never imported", file(new Phase.Failed(
                Stage.IMPORT, SECOND, new Failure(FailureKind.IMPORT_FAILED, "no database"))));
        files.put("put off for too long", file(new Phase.TimedOut(
                Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNCLAIMED))
                .with(new AttemptFailures(List.of(deferral(), timedOut()), 0)));
        files.put("never taken", file(new Phase.TimedOut(Stage.DELIVERY, Attempt.FIRST, DeadlineKind.UNCLAIMED)));
        files.put("worker lost", file(new Phase.TimedOut(Stage.DELIVERY, SECOND, DeadlineKind.UNFINISHED)));
        files.put("never finished", file(new Phase.TimedOut(Stage.IMPORT, Attempt.FIRST, DeadlineKind.UNFINISHED)));
        return files;
    }

    private static Map<String, Halt> halts() {
        var acme = new Subject.Destination(TARGET.destination());
        var invoices = new Subject.OfRoute(new RouteName("invoices"));
        var halts = new LinkedHashMap<String, Halt>();
        halts.put("destination paused", new Halt(
                Kind.PAUSED, acme, Optional.of(NOON), Optional.of(SOON), "ann", "acme changes its server"));
        halts.put("route paused", new Halt(
                Kind.PAUSED, invoices, Optional.of(NOON), Optional.empty(), "ann", "wrong prices"));
        halts.put("window closed", new Halt(
                Kind.CLOSED, acme, Optional.empty(), Optional.of(SOON), "", "Mon-Fri 08:00-18:00 Europe/Berlin"));
        halts.put("blackout", new Halt(
                Kind.BLACKOUT, acme, Optional.empty(), Optional.of(SOON), "", "holidays"));
        return halts;
    }

    @Test
    void shouldSayInWordsWhatAFileWaitsForAndWhatChangesThat() throws IOException {
        var text = new StringBuilder();
        files().forEach((name, file) -> append(text, name, explainer.why(file, Optional.empty())));
        append(text, "replaced", explainer.why(
                file(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false)), Optional.empty(),
                Optional.of(new FileId("nfrggzdfmztwq2lkmnxw4zlt2y"))));
        halts().forEach((name, halt) -> append(
                text, name, explainer.why(deferred(FailureKind.UNREACHABLE, halt.text()), Optional.of(halt))));
        Files.writeString(Path.of("target", "why.txt"), text);

        assertThat(text.toString()).isEqualTo(approved());
    }

    private static void append(StringBuilder text, String name, WhyAnswer why) {
        text.append("# ").append(name).append('\n').append(shown(why));
    }

    private static String shown(WhyAnswer why) {
        var text = new StringBuilder();
        line(text, why.status() + " waits for", why.waitsFor());
        line(text, "since", why.since());
        line(text, "next", why.next());
        line(text, "at", why.at());
        line(text, "otherwise", why.otherwise());
        line(text, "at", why.otherwiseAt());
        line(text, "advice", why.advice());
        why.commands().forEach(one -> line(text, "  " + one.command(), one.effect()));
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, String label, @Nullable String value) {
        if (value != null) {
            text.append(label).append(": ").append(value).append('\n');
        }
    }

    private static String approved() throws IOException {
        try (InputStream text = FileExplainerTest.class.getResourceAsStream("why.txt")) {
            return new String(Objects.requireNonNull(text, "why.txt").readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldCountTheWaitFromTheFirstOfEqualDeferrals() {
        FileState file = deferred(FailureKind.UNREACHABLE, "connection refused")
                .with(new AttemptFailures(List.of(deferral()), 0));

        assertThat(explainer.why(file, Optional.empty()).since()).isEqualTo("2026-01-31T11:00:00Z");
    }

    @Test
    void shouldHaveAdviceForEveryFailureThatSomebodyCanMend() {
        for (FailureKind kind : FailureKind.values()) {
            boolean nobody = kind == FailureKind.CANCELLED || kind == FailureKind.SUPERSEDED;
            assertThat(FailureAdvice.of(kind).isPresent()).as(kind.name()).isEqualTo(!nobody);
        }
    }
}
