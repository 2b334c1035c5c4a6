package io.waybill.worker;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.ledger.DeliveryIndex;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.LedgerEntries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/** Work to be done, for tests: delivers {@code FakeStore} objects to the destination "acme". */
public final class Works {
    private static final RouteName ROUTE = new RouteName("invoices");

    private Works() {}

    /** Lanes that run so many items at one time, at a destination that tells all names apart. */
    public static LaneScheduler scheduler(int concurrency, Executor threads) {
        return new LaneScheduler(_ -> concurrency, threads, (_, path) -> path.value());
    }

    public static TransferWork deliver(SourceObject object, String path) {
        return deliver(object, path, ConflictPolicy.REPLACE, Proof.SIZE, false);
    }

    public static TransferWork deliver(
            SourceObject object, String path, ConflictPolicy onConflict, Proof verify, boolean createDirectories) {
        return new TransferWork(
                FileId.of(ROUTE, object.bucket(), object.key(), object.version()),
                ROUTE,
                Attempt.FIRST,
                object,
                new Target(new DestinationName("acme"), new RemotePath(path)),
                onConflict,
                verify,
                createDirectories);
    }

    public static SourceObject object(String key, byte[] content) {
        return new SourceObject("outbound", key, null, "etag-of-" + key, content.length, Instant.EPOCH);
    }

    /** The intent of a delivery to "acme" that another execution has left. */
    public static Prepared intent(String path) {
        return new Prepared(
                FileId.of(ROUTE, "outbound", path, "v:1"),
                ROUTE,
                Attempt.FIRST,
                new Target(new DestinationName("acme"), new RemotePath(path)),
                0,
                ConflictPolicy.REPLACE,
                new RemotePath("/.waybill/of-another-execution"),
                3,
                "00",
                Proof.SIZE,
                DestinationClass.ATOMIC_DURABLE,
                OptionalLong.empty(),
                "partner@127.0.0.1:22/",
                "SHA256:of-the-server",
                Instant.EPOCH,
                Duration.ZERO,
                Optional.empty());
    }

    /** The intent of an item. */
    public static Prepared intentOf(TransferWork work) {
        Prepared like = intent(work.target().path().value());
        return new Prepared(
                work.id(),
                work.route(),
                work.attempt(),
                work.target(),
                like.lane(),
                work.onConflict(),
                like.staging(),
                like.bytes(),
                like.sha256(),
                like.proof(),
                like.destinationClass(),
                like.modified(),
                like.endpoint(),
                like.hostKey(),
                like.at(),
                like.took());
    }

    /** The next sending of the file of an intent. */
    public static TransferWork again(Prepared intent) {
        return new TransferWork(
                intent.id(),
                intent.route(),
                intent.attempt().nextSending(),
                object("again", new byte[1]),
                intent.target(),
                intent.onConflict(),
                intent.proof(),
                false);
    }

    /** The next sending of a file that some sendings are known to have delivered, though none is settled. */
    public static TransferWork resent(TransferWork work, List<Integer> delivered) {
        return new TransferWork(
                work.id(),
                work.route(),
                work.attempt().nextSending(),
                work.source(),
                work.target(),
                work.onConflict(),
                work.verify(),
                work.createDirectories(),
                0,
                work.keep(),
                work.attributes(),
                work.skipUnchanged(),
                delivered);
    }

    /** What a partition's ledger says where nothing is remembered of deliveries that are over. */
    public static LedgerEntries ledger(Map<String, LedgerMark> found) {
        return ledger(found, NameFolding.NONE);
    }

    /** The same, for destinations that take some names for one. */
    public static LedgerEntries ledger(Map<String, LedgerMark> found, NameFolding folding) {
        return new LedgerEntries(found, new DeliveryIndex(), _ -> folding);
    }

    /** The same intent, prepared at a server with another host key. */
    public static Prepared atServer(Prepared intent, String hostKey) {
        return at(intent, intent.modified(), intent.endpoint(), hostKey);
    }

    /** The same intent, prepared somewhere else. */
    public static Prepared atEndpoint(Prepared intent, String endpoint) {
        return at(intent, intent.modified(), endpoint, intent.hostKey());
    }

    /** The same intent, as a version prepared it that chose no name beforehand. */
    public static Prepared withoutGiven(Prepared intent) {
        return new Prepared(
                intent.id(),
                intent.route(),
                intent.attempt(),
                intent.target(),
                intent.lane(),
                intent.onConflict(),
                intent.staging(),
                intent.bytes(),
                intent.sha256(),
                intent.proof(),
                intent.destinationClass(),
                intent.modified(),
                intent.endpoint(),
                intent.hostKey(),
                intent.at(),
                intent.took());
    }

    /** The same intent, prepared at a server that does not tell when a file was written. */
    public static Prepared untimed(Prepared intent) {
        return at(intent, OptionalLong.empty(), intent.endpoint(), intent.hostKey());
    }

    private static Prepared at(Prepared intent, OptionalLong modified, String endpoint, String hostKey) {
        return new Prepared(
                intent.id(),
                intent.route(),
                intent.attempt(),
                intent.target(),
                intent.lane(),
                intent.onConflict(),
                intent.staging(),
                intent.bytes(),
                intent.sha256(),
                intent.proof(),
                intent.destinationClass(),
                modified,
                endpoint,
                hostKey,
                intent.at(),
                intent.took(),
                intent.given());
    }
}
