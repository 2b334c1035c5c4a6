package io.waybill.runtime.wire;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Delivery.Attributes;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IngestRetry;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.Milestone;
import io.waybill.domain.Origin;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.Proof;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Receipt;
import io.waybill.domain.Release;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Resolution;
import io.waybill.domain.RouteName;
import io.waybill.domain.Sendings;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainHead;
import io.waybill.domain.audit.SigningKey;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.domain.schedule.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;
import org.jspecify.annotations.Nullable;

/** Every value of the domain that goes over the wire, in every variant; instants in the wire's milliseconds. */
final class DomainArbitraries extends DomainContextBase {
    private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    @Provide
    Arbitrary<FileEvent> events() {
        return Arbitraries.oneOf(
                Combinators.combine(ids(), instants(), routes(), sources()).as(FileEvent.Arrived::new),
                Combinators.combine(ids(), instants(), stages(), attempts(), texts(), texts().injectNull(0.5))
                        .as((id, at, stage, attempt, by, claimId) -> new FileEvent.Started(
                                id, at, stage, attempt, by, claimId)),
                Combinators.combine(ids(), instants(), stages(), attempts(), texts()).as(FileEvent.Heartbeat::new),
                Combinators.combine(ids(), instants(), attempts(), receipts(), milestones())
                        .as((id, at, attempt, receipt, milestones) -> new FileEvent.Completed(id, at, Stage.DELIVERY,
                                attempt, receipt, milestones)),
                Combinators.combine(ids(), instants(), attempts())
                        .as((id, at, attempt) -> new FileEvent.Completed(id, at, Stage.IMPORT, attempt, null)),
                Combinators.combine(ids(), instants(), stages(), attempts(), failures(), milestones())
                        .as(FileEvent.Failed::new),
                Combinators.combine(ids(), instants(), stages(), attempts(), instants(), failures())
                        .as(FileEvent.Deferred::new),
                Combinators.combine(ids(), instants(), deadlineKinds(), versions())
                        .as(FileEvent.DeadlineReached::new),
                Combinators.combine(ids(), instants(), sendings(), texts(), texts())
                        .as(FileEvent.RedriveRequested::new),
                Combinators.combine(ids(), instants(), sendings(), texts(), texts())
                        .as(FileEvent.CancelRequested::new),
                Combinators.combine(ids(), instants(), sendings(), texts(), texts(), Arbitraries.of(true, false))
                        .as(FileEvent.ResendRequested::new),
                Combinators.combine(ids(), instants(), sendings(), texts(), texts())
                        .as(FileEvent.ForgetRequested::new),
                Combinators.combine(ids(), instants(), sendings(), texts(), texts(), Arbitraries.of(Resolution.class))
                        .as(FileEvent.ResolveRequested::new));
    }

    @Provide
    Arbitrary<FileState> states() {
        return states(Arbitraries.oneOf(open(), terminal()));
    }

    @Provide
    Arbitrary<TransferWork> work() {
        return Combinators.combine(
                ids(),
                routes(),
                attempts(),
                sources(),
                targets(),
                Arbitraries.of(ConflictPolicy.class),
                Arbitraries.of(Proof.class),
                attributes())
                .as((id, route, attempt, source, target, onConflict, verify, attributes) -> new TransferWork(
                        id,
                        route,
                        attempt,
                        source,
                        target,
                        onConflict,
                        verify,
                        attributes.preserveModified(),
                        attempt.sending() / 2,
                        Duration.ofMillis(1 + source.size() % 1_000),
                        attributes,
                        source.size() % 2 == 0,
                        attempt.sending() > 2 ? List.of(1, attempt.sending() - 1) : List.of()));
    }

    private static Arbitrary<Attributes> attributes() {
        Arbitrary<OptionalInt> modes = Arbitraries.integers()
                .between(-1, Attributes.MOST)
                .map(mode -> mode < 0 ? OptionalInt.empty() : OptionalInt.of(mode));
        return Combinators.combine(modes, modes, Arbitraries.of(true, false)).as(Attributes::new);
    }

    @Provide
    Arbitrary<AuditEntry> auditEntries() {
        Arbitrary<Counts> counts =
                Arbitraries.longs().greaterOrEqual(0).map(count -> new Counts(count, count / 2, count / 3));
        return Combinators.combine(
                instants(), texts(), texts(), texts(), texts(), Arbitraries.of(Outcome.class), counts.injectNull(0.5))
                .as((at, who, what, target, reason, outcome, count) -> new AuditEntry(
                        at,
                        who,
                        "operator",
                        what,
                        new AuditEntry.Target("file", target),
                        reason,
                        outcome,
                        who + reason,
                        what + who,
                        "10.0.0.1",
                        count));
    }

    @Provide
    Arbitrary<AuditRecord> auditRecords() {
        SigningKey key = SigningKey.random();
        return Combinators.combine(
                auditEntries().injectNull(0.3), instants(), Arbitraries.longs().greaterOrEqual(0), sendings(),
                Arbitraries.of(Optional.of(key), Optional.<SigningKey>empty()))
                .as((entry, at, sequence, partition, signer) -> {
                    var head = new ChainHead(sequence / 2, "ab".repeat(32), 0);
                    return entry == null ? head.checkpoint(partition, at, signer) : head.append(partition, entry);
                });
    }

    @Provide
    Arbitrary<ReadyFile> readyFiles() {
        return Combinators.combine(
                ids(), routes(), sources(), targets().injectNull(0.3), receipts().injectNull(0.3), instants())
                .as(ReadyFile::new);
    }

    @Provide
    Arbitrary<DeadLetter> deadLetters() {
        return Arbitraries.oneOf(
                Combinators.combine(states(Arbitraries.oneOf(failed(), timedOut())), texts())
                        .as(DeadLetter.GivenUp::new),
                Combinators.combine(instants(), texts(), bytes(), bytes(), headers(), texts())
                        .as(DeadLetter.Poison::new));
    }

    @Provide
    Arbitrary<LedgerMark> marks() {
        return Arbitraries.oneOf(
                Combinators.combine(versions(), ranges(), texts(), texts())
                        .as((gap, ranges, cluster, topic) -> new LedgerMark.Position(
                                ranges.isEmpty() ? gap : ranges.getFirst().from(), ranges, cluster, topic)),
                Combinators.combine(
                        ids(), attempts(), targets(), sendings(), paths(), versions(), texts(), instants())
                        .as(LedgerMark.Staging::new),
                Combinators.combine(
                        Combinators.combine(ids(), routes(), attempts(), targets(), sendings(), paths())
                                .as(Begun::new),
                        Arbitraries.of(ConflictPolicy.class),
                        receipts(),
                        Arbitraries.longs().optional(),
                        texts(),
                        texts(),
                        instants())
                        .as(DomainArbitraries::prepared));
    }

    /** Six in one, because a combination takes eight at most. */
    private record Begun(
            FileId id, RouteName route, Attempt attempt, Target target, int lane, RemotePath staging) {}

    private static LedgerMark prepared(
            Begun begun,
            ConflictPolicy onConflict,
            Receipt receipt,
            Optional<Long> modified,
            String endpoint,
            String hostKey,
            Instant at) {
        return new LedgerMark.Prepared(
                begun.id,
                begun.route,
                begun.attempt,
                begun.target,
                begun.lane,
                onConflict,
                begun.staging,
                receipt.bytes(),
                receipt.sha256(),
                receipt.proof(),
                receipt.destinationClass(),
                modified.map(OptionalLong::of).orElse(OptionalLong.empty()),
                endpoint,
                hostKey,
                at,
                receipt.duration(),
                receipt.bytes() % 2 == 0 ? Optional.empty() : Optional.of(receipt.path()));
    }

    @Provide
    Arbitrary<IndexEntry> entries() {
        return Arbitraries.oneOf(
                Combinators.combine(texts(), ids(), instants(), instants(), Arbitraries.longs())
                        .as(IndexEntry.NewestAtPath::new),
                Combinators.combine(ids(), attempts(), Arbitraries.of(IndexEntry.Result.class), instants())
                        .as((id, attempt, result, expires) -> new IndexEntry.FileOutcome(id, attempt.sending(), result,
                                expires)),
                Combinators.combine(texts(), instants()).as(IndexEntry.ProvenReplace::new));
    }

    @Provide
    Arbitrary<ControlRecord> controls() {
        return Arbitraries.oneOf(
                Combinators.combine(ids(), attempts(), Arbitraries.of(Control.Kind.class), instants())
                        .as((id, attempt, kind, at) -> new Control(id, attempt.sending(), kind, at)),
                Combinators.combine(texts(), instants(), Arbitraries.of(Release.Cause.class), texts(), texts())
                        .as((name, at, cause, by, reason) -> new Release(
                                name.isEmpty()
                                        ? new Place.Destination(new DestinationName("acme"))
                                        : new Place.Bucket(name),
                                at,
                                cause,
                                by,
                                reason)),
                Combinators
                        .combine(Arbitraries.of(true, false), instants(), spans().list().ofMaxSize(3), texts(), texts())
                        .as((ofRoute, at, pauses, by, reason) -> new Suspension(
                                ofRoute
                                        ? new Suspension.Subject.OfRoute(new RouteName("invoices"))
                                        : new Suspension.Subject.Destination(new DestinationName("acme")),
                                at,
                                pauses,
                                by,
                                reason)),
                approvals());
    }

    private Arbitrary<ControlRecord> approvals() {
        Arbitrary<ControlRecord.Approval.Decision> decisions = Combinators
                .combine(Arbitraries.of(true, false), instants(), texts(), texts())
                .as(ControlRecord.Approval.Decision::new);
        return Combinators
                .combine(
                        texts(), instants(), texts(), texts(), texts(), Arbitraries.longs().between(1, Long.MAX_VALUE),
                        instants(), decisions.injectNull(0.3))
                .as((id, at, by, reason, order, files, expires, decision) -> new ControlRecord.Approval(
                        id, at, by, reason, "redrive", order, files, expires, decision));
    }

    @Provide
    Arbitrary<WorkerStatus> statuses() {
        return Combinators.combine(texts(), instants(), instants(), destinationStatuses().injectNull(0.2))
                .as(WorkerStatus::new);
    }

    private Arbitrary<DestinationStatus> destinationStatuses() {
        Arbitrary<DestinationStatus.Outage> outages = Combinators.combine(instants(), texts(), texts(), instants())
                .as(DestinationStatus.Outage::new);
        return Combinators.combine(
                Arbitraries.of(BreakerState.class),
                outages.injectNull(0.5),
                Arbitraries.of("A", "B", "C", "D").injectNull(0.3),
                instants().injectNull(0.3),
                texts().injectNull(0.3),
                filesInFlight().list().ofMaxSize(3),
                Arbitraries.integers().between(0, 5_000))
                .as((breaker, outage, promised, triedAt, hostKey, files, more) -> new DestinationStatus(
                        new DestinationName("acme"), breaker, outage, more % 7, more % 64, promised, triedAt, hostKey,
                        more * 1_000L, files, more));
    }

    private Arbitrary<FileInFlight> filesInFlight() {
        return Combinators.combine(
                ids(), texts(), attempts(), texts(), instants(), Arbitraries.longs().between(0, Long.MAX_VALUE / 2))
                .as((id, name, attempt, step, since, done) -> new FileInFlight(
                        id, new RouteName("invoices"), name, attempt.sending(), attempt.number(), step, since, done,
                        done * 2, done / 3));
    }

    private Arbitrary<Span> spans() {
        return Combinators.combine(
                Arbitraries.longs().between(0, LAST_MILLI - 1_000_000).map(Instant::ofEpochMilli),
                Arbitraries.longs().between(0, 1_000_000))
                .as((from, millis) -> new Span(from, millis == 0 ? null : from.plusMillis(millis)));
    }

    @Provide
    Arbitrary<IngestRetry> retries() {
        Arbitrary<IngestRetry.Place> places = Combinators.combine(
                Arbitraries.integers().between(0, 1_000), Arbitraries.longs().between(0, Long.MAX_VALUE))
                .as(IngestRetry.Place::new);
        return Arbitraries.oneOf(
                Combinators.combine(
                        places, Arbitraries.integers().between(0, 10_000), instants(), texts(), texts(),
                        texts().injectNull(0.3), texts().injectNull(0.3), instants().injectNull(0.3))
                        .as((place, index, at, text, key, raw, version, settles) -> new IngestRetry.Parked(
                                place, index, at, text, text, key, raw, version, raw, settles)),
                Combinators.combine(places, instants(), texts(), texts()).as(IngestRetry.Skip::new));
    }

    /** Bounds that ascend, two for each range. */
    private static Arbitrary<List<LedgerMark.Range>> ranges() {
        return Arbitraries.longs()
                .between(0, Long.MAX_VALUE)
                .set()
                .ofMaxSize(8)
                .map(bounds -> {
                    List<Long> sorted = bounds.stream().sorted().toList();
                    return IntStream.range(0, sorted.size() / 2)
                            .mapToObj(i -> new LedgerMark.Range(sorted.get(2 * i), sorted.get(2 * i + 1)))
                            .toList();
                });
    }

    private static Arbitrary<FileState> states(Arbitrary<Phase> phases) {
        return Combinators.combine(
                Combinators.combine(ids(), routes(), sources()).as(Subject::new),
                Combinators.combine(
                        targets(),
                        sendings().injectNull(0.3),
                        Arbitraries.of(ConflictPolicy.class).injectNull(0.3))
                        .as(Aim::new)
                        .injectNull(0.3),
                Combinators.combine(phases, attemptFailures()).as(Course::new),
                receipts().injectNull(0.3),
                versions(),
                instants(),
                instants(),
                instants())
                .as((subject, aim, course, receipt, version, arrivedAt, changedAt, since) -> state(
                        subject, aim, course.phase, receipt, version, arrivedAt, changedAt, since)
                        .with(course.failures));
    }

    private static FileState state(
            Subject subject,
            @Nullable Aim aim,
            Phase phase,
            @Nullable Receipt receipt,
            long version,
            Instant arrivedAt,
            Instant changedAt,
            Instant since) {
        return new FileState(
                subject.id,
                subject.route,
                subject.source,
                aim == null ? null : aim.target,
                aim == null ? null : aim.lane,
                phase,
                receipt,
                version,
                arrivedAt,
                changedAt,
                phase instanceof Phase.Open ? since : changedAt,
                // Letters are of files that ended, and do not tell it.
                phase instanceof Phase.Open ? known(phase.attempt()) : Sendings.NONE,
                phase instanceof Phase.Started ? arrivedAt : null,
                phase instanceof Phase.Open && aim != null ? aim.onConflict : null,
                AttemptFailures.NONE);
    }

    private static Sendings known(Attempt attempt) {
        int before = attempt.sending() - 1;
        return new Sendings(
                before, before / 2, before > 1 ? List.of(1, before) : List.of(), before > 0 ? attempt : null,
                new Sendings.Deliveries(before > 1 ? List.of(1, before) : List.of(), before, before % 2 == 1));
    }

    /** What is there together or not at all. */
    private record Aim(Target target, @Nullable Integer lane, @Nullable ConflictPolicy onConflict) {}

    /** Where a file is, and what kept it from its end so far. */
    private record Course(Phase phase, AttemptFailures failures) {}

    /** Three in one, because a combination takes eight at most. */
    private record Subject(FileId id, RouteName route, SourceObject source) {}

    private static Arbitrary<Phase> open() {
        return Arbitraries.oneOf(
                Combinators.combine(stages(), attempts(), instants()).as(Phase.Queued::new),
                Combinators.combine(
                        stages(),
                        attempts(),
                        instants(),
                        instants(),
                        Arbitraries.of(Phase.Waiting.Cause.class),
                        failures())
                        .as((stage, attempt, claimBy, due, cause, reason) -> new Phase.Waiting(
                                stage,
                                attempt,
                                claimBy,
                                due,
                                attempt.number() > 1 ? cause : Phase.Waiting.Cause.DEFERRAL,
                                reason)),
                Combinators.combine(
                        stages(),
                        attempts(),
                        instants(),
                        instants(),
                        instants().injectNull(0.5),
                        texts(),
                        texts().injectNull(0.5))
                        .as((stage, attempt, claimBy, finishBy, heartbeatBy, by, claimId) -> new Phase.Started(
                                stage, attempt, claimBy, finishBy, heartbeatBy, by, claimId)));
    }

    private static Arbitrary<Phase> terminal() {
        return Arbitraries.oneOf(
                Combinators.combine(stages(), attempts(), Arbitraries.of(true, false)).as(Phase.Completed::new),
                failed(),
                timedOut());
    }

    private static Arbitrary<Phase> failed() {
        return Combinators.combine(stages(), attempts(), failures()).as(Phase.Failed::new);
    }

    private static Arbitrary<Phase> timedOut() {
        return Combinators.combine(stages(), attempts(), deadlineKinds()).as(Phase.TimedOut::new);
    }

    private static Arbitrary<FileId> ids() {
        return Arbitraries.strings().withCharRange('a', 'z').withCharRange('2', '7').ofLength(26).map(FileId::new);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings().alpha().numeric().withChars("._-").ofMinLength(0).ofMaxLength(62).map("n"::concat);
    }

    private static Arbitrary<RouteName> routes() {
        return names().map(RouteName::new);
    }

    private static Arbitrary<Stage> stages() {
        return Arbitraries.of(Stage.class);
    }

    private static Arbitrary<DeadlineKind> deadlineKinds() {
        return Arbitraries.of(DeadlineKind.class);
    }

    private static Arbitrary<Attempt> attempts() {
        return Combinators.combine(
                Arbitraries.integers().greaterOrEqual(1), Arbitraries.integers().greaterOrEqual(1))
                .as(Attempt::new);
    }

    private static Arbitrary<Integer> sendings() {
        return Arbitraries.integers().greaterOrEqual(1);
    }

    private static Arbitrary<Failure> failures() {
        return Combinators.combine(Arbitraries.of(FailureKind.class), texts()).as(Failure::new);
    }

    private static Arbitrary<AttemptFailures> attemptFailures() {
        Arbitrary<AttemptFailure> failure = Combinators.combine(
                Arbitraries.of(AttemptFailure.Kind.class),
                instants(),
                instants(),
                stages(),
                attempts(),
                failures().injectNull(0.3),
                instants().injectNull(0.3),
                sendings())
                .as(AttemptFailure::new);
        return Combinators.combine(failure.list().ofMaxSize(3), Arbitraries.integers().greaterOrEqual(0))
                .as(AttemptFailures::new);
    }

    private static Arbitrary<Long> versions() {
        return Arbitraries.longs().greaterOrEqual(1);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(0, LAST_MILLI).map(Instant::ofEpochMilli);
    }

    /** Any text that has an encoding; half a surrogate pair has none. */
    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .all()
                .excludeChars(surrogates())
                .ofMaxLength(40);
    }

    private static char[] surrogates() {
        var surrogates = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < surrogates.length; i++) {
            surrogates[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return surrogates;
    }

    private static Arbitrary<SourceObject> sources() {
        return Combinators.combine(
                names(),
                texts().map("k"::concat),
                texts().injectNull(0.5),
                names(),
                Arbitraries.longs().greaterOrEqual(0),
                instants(),
                origins().injectNull(0.5))
                .as(SourceObject::new);
    }

    private static Arbitrary<Origin> origins() {
        return Combinators.combine(
                Arbitraries.of("sftp", "directory", "a-kind-to-come"),
                names(),
                texts().map(text -> Origin.identity("i" + text)),
                names().injectNull(0.5))
                .as(Origin::new);
    }

    private static Arbitrary<RemotePath> paths() {
        return Arbitraries.strings()
                .alpha()
                .withChars("äöü €+%~")
                .ofMinLength(1)
                .ofMaxLength(20)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(names -> new RemotePath(names.stream().collect(Collectors.joining("/", "/", ""))));
    }

    private static Arbitrary<Target> targets() {
        return Combinators.combine(names().map(DestinationName::new), paths()).as(Target::new);
    }

    private static Arbitrary<Receipt> receipts() {
        return Combinators.combine(
                paths(),
                Arbitraries.longs().greaterOrEqual(0),
                Arbitraries.strings().withChars("0123456789abcdef").ofLength(64),
                Arbitraries.of(Proof.class),
                Arbitraries.of(DestinationClass.class),
                Arbitraries.longs().between(0, Long.MAX_VALUE / 1_000_000).map(Duration::ofMillis))
                .as(Receipt::new);
    }

    private static Arbitrary<Map<Milestone, Instant>> milestones() {
        return Arbitraries.maps(Arbitraries.of(Milestone.class), instants());
    }

    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
    }

    private static Arbitrary<Map<String, String>> headers() {
        return Arbitraries.maps(texts(), bytes().map(Base64.getEncoder()::encodeToString)).ofMaxSize(4);
    }
}
