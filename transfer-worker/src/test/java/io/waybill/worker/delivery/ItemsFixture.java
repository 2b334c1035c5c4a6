package io.waybill.worker.delivery;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Place;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.metrics.Unwanted;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.OwnershipProof;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import io.waybill.worker.status.FilesInFlight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From records and intents to commit entries, with a deliverer that does as the test says, and commits that succeed at once. */
abstract class ItemsFixture {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(AttemptReporter.class, WorkItems.class, Executions.class);

    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Duration KEEP = Duration.ofDays(30);
    static final Receipt RECEIPT =
            new Receipt(new RemotePath("/a"), 1, "00", Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ZERO);
    static final Failure NO = new Failure(FailureKind.FORBIDDEN, "no");

    final Topics topics = Topics.from(
            new TopicSettings("waybill.", 3, 3, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    final TransferWork work = Works.deliver(Works.object("a", new byte[1]), "/a");
    final Prepared older = Works.intent("/a");
    final List<CommitEntry> entries = new ArrayList<>();
    final List<Prepared> undecided = new ArrayList<>();
    final List<Unwanted> unwanted = new ArrayList<>();
    final FakeDeliverer deliverer = new FakeDeliverer();
    final WithdrawnWork withdrawn = new WithdrawnWork();
    final HandClock haltClock = new HandClock();
    /** The places of which the worker said that their files may be tried. */
    final List<Place> released = new ArrayList<>();
    final HaltedWork halted = new HaltedWork(new Halts(Map.of()), (place, _) -> released.add(place), haltClock);
    Judge.Versions versions = (_, _) -> Optional.empty();
    PartitionProgress progress = new PartitionProgress(new TopicPartition("waybill.transfer-work", 0));
    /** Otherwise what is posted stays under way. */
    boolean commits = true;

    /** A deliverer of few words. */
    static final class FakeDeliverer implements Deliverer {
        Function<Journal, Outcome> onDeliver = _ -> new Outcome.Dropped();
        Function<Prepared, Outcome> onResolve = _ -> new Outcome.Dropped();
        final List<Staging> discarded = new ArrayList<>();
        final List<Prepared> asked = new ArrayList<>();

        @Override
        public Outcome deliver(TransferWork item, Lane lane, Journal journal) {
            return onDeliver.apply(journal);
        }

        @Override
        public Outcome resolve(Prepared intent, OwnershipProof owner) {
            asked.add(intent);
            return onResolve.apply(intent);
        }

        @Override
        public boolean discard(Staging left) {
            return discarded.add(left);
        }

        @Override
        public int sweep(Lane lane, String directory, UnaryOperator<List<String>> dead) {
            return 0;
        }
    }

    /** The destination is there, and the file is delivered. */
    static Outcome delivered(Journal journal) {
        journal.reached(Milestone.CONNECTED);
        return new Outcome.Delivered(RECEIPT);
    }

    Outcome prepare(Journal journal) {
        return prepare(journal, older);
    }

    static Outcome prepare(Journal journal, Prepared intent) {
        journal.reached(Milestone.CONNECTED);
        try {
            journal.prepare(intent);
            return new Outcome.Delivered(RECEIPT);
        } catch (OwnershipLostException e) {
            return new Outcome.Dropped();
        }
    }

    void under(LedgerMark intent) {
        under(intent, NameFolding.NONE);
    }

    void under(LedgerMark intent, NameFolding folding) {
        progress = new PartitionProgress(
                progress.partition(),
                0,
                List.of(),
                Works.ledger(Map.of(intent.key(), intent), folding),
                new StagingTokens("p0"));
    }

    /** What the index says. */
    void remembered(IndexEntry entry) {
        progress.ledger().apply(IndexUpdate.to(entry));
    }

    Staging left() {
        return left("/.waybill/left.p0-0-abcdefgh");
    }

    Staging left(String name) {
        return new Staging(
                work.id(),
                work.attempt(),
                work.target(),
                1,
                new RemotePath(name),
                9_000_000,
                "partner@127.0.0.1:22/",
                Instant.EPOCH);
    }

    void handle(TransferWork item) {
        handle(record("acme#1", item));
    }

    void handle(ConsumerRecord<byte[], byte[]> record) {
        handle(record, PublishProtocol.TWO_PHASE);
    }

    void handle(ConsumerRecord<byte[], byte[]> record, PublishProtocol protocol) {
        items(protocol).handle(record, progress);
    }

    WorkItems items(PublishProtocol protocol) {
        return items(protocol, Works.scheduler(1, Runnable::run));
    }

    WorkItems items(PublishProtocol protocol, LaneScheduler scheduler) {
        var time = ProcessClock.of(InstantSource.fixed(Instant.EPOCH), () -> 0);
        var cleaner = new StagingCleaner(deliverer, scheduler, this::commit, time);
        var metrics = new WorkerMetrics() {
            @Override
            public void unwanted(DestinationName destination, Unwanted reason) {
                unwanted.add(reason);
            }
        };
        var reporting = new Reporting(
                topics,
                deliverer,
                this::commit,
                (intent, _) -> undecided.add(intent),
                protocol,
                "worker-1",
                metrics,
                new FilesInFlight(time),
                time);
        var executions = new Executions(
                reporting, new Judge(withdrawn, halted, (bucket, key) -> versions.current(bucket, key)), cleaner);
        return new WorkItems(topics, scheduler, executions, this::commit, time);
    }

    private void commit(CommitEntry entry) {
        entries.add(entry);
        if (commits) {
            entry.indexed().forEach(progress.ledger()::apply);
            entry.update().ifPresent(progress.ledger()::apply);
            entry.committed().complete(true);
        }
    }

    List<FileEvent> events() {
        return entries.stream()
                .flatMap(entry -> entry.records().stream())
                .map(r -> topics.fileEvents().value().deserializer().deserialize(r.topic(), r.value()))
                .toList();
    }

    /** The failure that was told last. */
    Failure failed() {
        return events().getLast() instanceof FileEvent.Failed failed
                ? failed.failure()
                : new Failure(FailureKind.INTERNAL, "was told last: " + events().getLast());
    }

    List<IndexEntry> indexed() {
        return entries.stream()
                .flatMap(entry -> entry.indexed().stream())
                .flatMap(change -> Optional.ofNullable(change.entry()).stream())
                .toList();
    }

    ConsumerRecord<byte[], byte[]> record(String key, TransferWork value) {
        return new ConsumerRecord<>(
                topics.transferWork().name(),
                0,
                7,
                ascii(key),
                topics.transferWork().value().serializer().serialize(topics.transferWork().name(), value));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void deliverAll() {
        deliverer.onDeliver = ItemsFixture::delivered;
    }

    Staging leave(TransferWork item) {
        var left = new Staging(
                item.id(), item.attempt(), item.target(), 1, left().staging(), 9, left().endpoint(), NOON);
        progress.ledger().apply(LedgerUpdate.to(left));
        return left;
    }

    static NewestAtPath newest(TransferWork item) {
        return new NewestAtPath(
                IndexEntry.pathKey(item.target(), item.source()),
                item.id(),
                item.source().lastModified(),
                Instant.EPOCH.plus(KEEP));
    }

    static TransferWork version(String version, Instant lastModified) {
        return work(version, lastModified, Attempt.FIRST, ConflictPolicy.REPLACE, 0);
    }

    /** The next sending of a file. */
    static TransferWork again(TransferWork first, int settledSendings) {
        return work(
                first.source().versionId(),
                first.source().lastModified(),
                first.attempt().nextSending(),
                first.onConflict(),
                settledSendings);
    }

    static TransferWork work(
            String version, Instant lastModified, Attempt attempt, ConflictPolicy policy, int settledSendings) {
        return work(
                new SourceObject("outbound", "a", version, "etag-" + version, 1, lastModified),
                attempt,
                policy,
                settledSendings);
    }

    /** The first attempt of an object. */
    static TransferWork of(SourceObject source) {
        return work(source, Attempt.FIRST, ConflictPolicy.REPLACE, 0);
    }

    private static TransferWork work(
            SourceObject source, Attempt attempt, ConflictPolicy policy, int settledSendings) {
        TransferWork like = Works.deliver(source, "/a", policy, Proof.SIZE, false);
        return new TransferWork(
                FileId.of(like.route(), source.bucket(), source.key(), source.version()),
                like.route(),
                attempt,
                source,
                like.target(),
                policy,
                like.verify(),
                false,
                settledSendings,
                KEEP);
    }
}
