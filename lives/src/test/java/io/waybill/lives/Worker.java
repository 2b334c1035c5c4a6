package io.waybill.lives;

import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.DeliveryIndex;
import io.waybill.worker.SimulatedWorker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One of the two workers: a process with a thread that polls, one that commits, and those of its files. */
final class Worker {
    private static final int[] MOST = {1000, 1, 2, 3};
    private static final int[] CONTROL_DELAYS = {20, 1, 700, 40_000};
    private static final int SPAN = 4;
    private static final long LONGEST_IDLE = 120 * 60_000;

    private final World world;
    private final String id;
    private final int number;
    private int incarnation;
    private Machine process;
    private SimulatedWorker parts;
    private Connection.Findings findings;
    private String member = "";
    private Thread poller;
    private Thread committer;
    private Thread listener;
    private long heard;
    private boolean toCommit;
    private boolean toPoll;
    private boolean beginAgain;
    private boolean revoked;
    private long blindUntil;
    private int loading;
    private Runnable loaded;
    private long position;

    Worker(World world, String id, int number) {
        this.world = world;
        this.id = id;
        this.number = number;
    }

    String name() {
        return id;
    }

    Machine process() {
        return process;
    }

    String member() {
        return member;
    }

    SimulatedWorker parts() {
        return parts;
    }

    Connection.Findings findings() {
        return findings;
    }

    boolean alive() {
        return process != null && !process.dead();
    }

    /** Begins a new process of this worker's id. */
    void start() {
        if (alive()) {
            return;
        }
        incarnation++;
        process = new Machine(world.kernel(), id);
        findings = new Connection.Findings();
        loading = 0;
        loaded = null;
        beginAgain = false;
        revoked = false;
        blindUntil = 0;
        member = id + "." + incarnation;
        Machine mine = process;
        parts = new SimulatedWorker(setup(mine), world.topics(), World.HOME, metadata(0));
        world.story().tell(id, "starts");
        committer = start(mine, "committer", this::commit);
        heard = 0;
        poller = start(mine, "poller", this::poll);
    }

    private SimulatedWorker.Setup setup(Machine mine) {
        return new SimulatedWorker.Setup(
                id,
                world.destinationsOf(number),
                world.store().reader(this),
                new SimulatedConnector(world, this),
                n -> new LogProducer(world, this, id + "-" + n),
                task -> start(mine, "delivery", task),
                pause -> world.kernel().sleep(pause.toMillis()),
                this::wakeCommitter,
                () -> {
                    beginAgain = true;
                    wake();
                },
                world.randomFor(number * 1000 + incarnation),
                (_, before) -> world.work().trim(before),
                SPAN,
                32,
                8,
                mine.clock());
    }

    private Thread start(Machine mine, String name, Runnable task) {
        return world.kernel().start(mine, name, task, problem -> failed(mine, problem));
    }

    /** Whatever a thread of the worker cannot explain stops the worker, and somebody starts it again. */
    private void failed(Machine mine, Throwable problem) {
        if (mine.dead()) {
            return;
        }
        if (problem instanceof Error) {
            world.kernel().fault(problem);
            return;
        }
        world.story().tell(id, "stops: " + problem);
        world.stopped(this, problem);
    }

    private void wakeCommitter() {
        toCommit = true;
        LockSupport.unpark(committer);
    }

    void wake() {
        toPoll = true;
        LockSupport.unpark(poller);
    }

    private void commit() {
        parts.open();
        try {
            while (true) {
                toCommit = false;
                while (parts.commitPosted(MOST[world.kernel().choices().next(MOST.length)])) {
                    // What was held back may have room now.
                    toPoll = true;
                    LockSupport.unpark(poller);
                }
                Kernel.parkUntil(() -> toCommit);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Hears what is not to be sent any more, each time a while after it was said. */
    private void listen() {
        while (true) {
            Kernel.parkUntil(() -> world.controls().stable() > heard);
            world.kernel().sleep(CONTROL_DELAYS[world.kernel().choices().next(CONTROL_DELAYS.length)]);
            hear();
        }
    }

    private void hear() {
        long end = world.controls().stable();
        var topic = world.topics().controls();
        for (Log.Entry entry : world.controls().committed(heard)) {
            FileId id = topic.key().deserializer().deserialize("", entry.key());
            parts.hear(id, entry.value() == null ? null : topic.value().deserializer().deserialize("", entry.value()));
        }
        heard = end;
    }

    /** There may be more to hear. */
    void controlsMoved() {
        if (listener != null && world.controls().stable() > heard) {
            LockSupport.unpark(listener);
        }
    }

    private void poll() {
        // Nothing begins before it is known what is not wanted.
        hear();
        listener = start(process, "controls", this::listen);
        world.joined(this, world.group().join(member));
        long idle = 100;
        while (true) {
            toPoll = false;
            if (turn()) {
                idle = 100;
            }
            long until = world.kernel().now() + idle;
            world.kernel().at(until, () -> LockSupport.unpark(poller));
            Kernel.parkUntil(() -> toPoll || world.kernel().now() >= until);
            idle = Math.min(LONGEST_IDLE, idle * 2);
        }
    }

    /** One turn of the loop; whether anything happened. */
    private boolean turn() {
        if (world.kernel().now() >= blindUntil) {
            lookAtGroup();
        }
        if (beginAgain) {
            beginAgain = false;
            world.story().tell(id, "reads the ledger again");
            parts.end();
            loading = 0;
        }
        if (loaded != null) {
            Runnable take = loaded;
            loaded = null;
            take.run();
        }
        if (!parts.owns() && loading == 0 && world.group().owner().equals(member)) {
            load();
        }
        parts.capture(metadata(world.group().epoch(member)));
        boolean read = read();
        parts.handOut();
        return read;
    }

    private void lookAtGroup() {
        if (!world.group().knows(member)) {
            world.story().tell(id, "learns that it lost its membership");
            parts.end();
            loading = 0;
            incarnation++;
            member = id + "." + incarnation;
            world.joined(this, world.group().join(member));
        }
        if (revoked) {
            revoked = false;
            handOver();
        }
    }

    private void handOver() {
        if (!world.group().owner().equals(member)) {
            return;
        }
        world.story().tell(id, "hands the partition over");
        parts.handOver();
        patiently(4000, parts::awaitPublished);
        patiently(1000, parts::settle);
        parts.end();
        loading = 0;
        parts.capture(metadata(world.group().epoch(member)));
        world.giveAwayFrom(this);
    }

    /** Waits with an end; the interrupt is what a time-out is by the real clock. */
    private void patiently(long millis, Runnable waits) {
        Thread me = Thread.currentThread();
        var over = new boolean[1];
        world.kernel().after(millis, () -> {
            if (!over[0]) {
                me.interrupt();
            }
        });
        waits.run();
        over[0] = true;
        boolean _ = Thread.interrupted();
    }

    @SuppressWarnings("removal") // its successor cannot be made from outside
    private ConsumerGroupMetadata metadata(int epoch) {
        return new ConsumerGroupMetadata("workers", epoch, member, Optional.empty());
    }

    private void load() {
        int mine = ++world.loads;
        loading = mine;
        start(process, "ledger", () -> {
            long end = world.ledger().highWatermark();
            long indexEnd = world.index().highWatermark();
            while (world.ledger().offline() || world.ledger().stable() < end || world.index().stable() < indexEnd) {
                world.kernel().sleep(world.ledger().offline() ? 10_000 : 500);
            }
            Map<String, LedgerMark> marks = new LinkedHashMap<>();
            for (Log.Entry entry : world.ledger().committed(0)) {
                String key = world.topics().transferLedger().key().deserializer().deserialize("", entry.key());
                if (entry.value() == null) {
                    marks.remove(key);
                } else {
                    marks.put(key,
                            world.topics().transferLedger().value().deserializer().deserialize("", entry.value()));
                }
            }
            var found = (Position) marks.remove(LedgerMark.POSITION_KEY);
            DeliveryIndex index = index();
            loaded = () -> take(mine, found, marks, index);
            wake();
        });
    }

    private DeliveryIndex index() {
        var index = new DeliveryIndex();
        var topic = world.topics().deliveryIndex();
        for (Log.Entry entry : world.index().committed(0)) {
            index.apply(
                    topic.key().deserializer().deserialize("", entry.key()),
                    entry.value() == null ? null : topic.value().deserializer().deserialize("", entry.value()));
        }
        return index;
    }

    private void take(int load, Position found, Map<String, LedgerMark> marks, DeliveryIndex index) {
        if (load != loading) {
            return;
        }
        Position at = found == null ? Position.at(0, World.HOME.clusterId(), World.HOME.topicId()) : found;
        if (at.next() < world.work().start()) {
            world.truth().held("the position is " + at.next() + ", the work begins at " + world.work().start());
            at = Position.at(world.work().start(), World.HOME.clusterId(), World.HOME.topicId());
        }
        loading = 0;
        world.story().tell(id, "takes the partition over at " + at.next() + " with " + marks.size() + " marks");
        parts.take(World.WORK, at, marks, index);
        position = at.next();
    }

    private boolean read() {
        if (!parts.owns() || world.work().offline()) {
            return false;
        }
        parts.seek().ifPresent(offset -> position = offset);
        long end = world.work().stable();
        if (end <= position) {
            return false;
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Log.Entry entry : world.work().committed(position)) {
            records.add(new ConsumerRecord<>(
                    World.WORK.topic(), 0, entry.offset(), entry.key(), entry.value()));
        }
        position = end;
        parts.handle(records, end);
        return true;
    }

    /** It is told that its partition is wanted elsewhere. */
    void revoke() {
        revoked = true;
        wake();
    }

    /** It does not hear of the group for so long. */
    void blind(long millis) {
        blindUntil = world.kernel().now() + millis;
        world.kernel().after(millis, this::wake);
    }

}
