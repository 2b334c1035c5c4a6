package io.waybill.lives;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.Suspension;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.ledger.DeliveryIndex;
import io.waybill.worker.SimulatedWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One of the two workers: a process with a thread that polls, one that commits, and those of its files. */
final class Worker {
    private static final int[] MOST = {1000, 1, 2, 3};
    private static final int[] CONTROL_DELAYS = {20, 1, 700, 40_000};
    private static final int SPAN = 4;
    private static final long LONGEST_IDLE = 120 * 60_000;
    /** What a worker with the usual patience gives its files when it is asked to stop. */
    private static final long DRAINING = 3_000;
    private static final long LONGEST_UNSETTLED = 10 * 60_000;

    private final World world;
    private final String id;
    private final int number;
    private final String called;
    private final List<Part> shares;
    private int incarnation;
    private Machine process;
    private SimulatedWorker parts;
    private final Map<Server, Connection.Findings> findings = new HashMap<>();
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

    /**
     * @param called what stories and the group call it: another process may have the same id
     */
    Worker(World world, String id, int number, String called) {
        this.world = world;
        this.id = id;
        this.number = number;
        this.called = called;
        this.shares = IntStream.range(0, world.partitions()).mapToObj(Part::new).toList();
    }

    String name() {
        return called;
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

    Connection.Findings findings(Server server) {
        return findings.computeIfAbsent(server, _ -> new Connection.Findings());
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
        process = new Machine(world.kernel(), called, world.mischief());
        findings.clear();
        shares.forEach(part -> {
            part.loading = 0;
            part.loaded = null;
        });
        beginAgain = false;
        revoked = false;
        blindUntil = 0;
        member = called + "." + incarnation;
        Machine mine = process;
        parts = new SimulatedWorker(setup(mine), world.topics(), World.HOME, metadata(0));
        world.story().tell(called, "starts");
        committer = start(mine, "committer", this::commit);
        heard = 0;
        poller = start(mine, "poller", this::poll);
    }

    private SimulatedWorker.Setup setup(Machine mine) {
        return new SimulatedWorker.Setup(
                id,
                world.setting().configOf(number),
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
                (work, before) -> trim(world.work(work.partition()), before),
                SPAN,
                32,
                8,
                new FencingGuard("worker.id", id, World.TRANSACTION, mine.clock()),
                mine.clock());
    }

    private void trim(Log.Partition work, long before) {
        work.trim(world.mischief().does(Mutation.TRIMMED_TO_THE_END) ? work.stable() : before);
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
        world.story().tell(called, "stops: " + problem);
        world.workers().stopped(this, problem);
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
            Kernel.parkUntil(() -> world.controls().stable() > heard && !world.controls().offline());
            world.kernel().sleep(CONTROL_DELAYS[world.kernel().choices().next(CONTROL_DELAYS.length)]);
            hear();
        }
    }

    private void hear() {
        while (world.controls().offline()) {
            world.kernel().sleep(2000);
        }
        long end = world.controls().stable();
        var topic = world.topics().controls();
        for (Log.Entry entry : world.controls().committed(heard)) {
            if (world.mischief().does(Mutation.CONTROLS_NEVER_HEARD)) {
                continue;
            }
            FileId id = topic.key().deserializer().deserialize("", entry.key());
            ControlRecord said =
                    entry.value() == null ? null : topic.value().deserializer().deserialize("", entry.value());
            if (!(said instanceof Suspension && world.mischief().does(Mutation.PAUSES_NEVER_HEARD))) {
                parts.hear(id, said);
            }
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
        hear();
        listener = start(process, "controls", this::listen);
        world.workers().joined(this, world.group().join(member));
        long idle = 100;
        while (true) {
            toPoll = false;
            if (turn()) {
                idle = 100;
            }
            long until = world.kernel().now()
                    + Math.min(parts.unsettled() > 0 ? LONGEST_UNSETTLED : LONGEST_IDLE, idle);
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
            world.story().tell(called, "reads the ledger again");
            endParts();
        }
        lookForParts();
        parts.capture(metadata(world.group().epoch(member)));
        boolean read = false;
        for (Part part : shares) {
            read |= part.read();
        }
        parts.handOut();
        return read;
    }

    private void lookAtGroup() {
        if (!world.group().knows(member)) {
            world.story().tell(called, "learns that it lost its membership");
            endParts();
            incarnation++;
            member = called + "." + incarnation;
            world.workers().joined(this, world.group().join(member));
        }
        if (revoked) {
            revoked = false;
            handOver();
        }
    }

    private void handOver() {
        if (!world.group().owns(member)) {
            return;
        }
        if (world.kernel().now() % 2 == 0) {
            drain();
        }
        world.story().tell(called, "hands over");
        parts.handOver();
        patiently(4000, parts::awaitPublished);
        patiently(1000, parts::settle);
        endParts();
        parts.capture(metadata(world.group().epoch(member)));
        world.workers().giveAwayFrom(this);
    }

    /** As a worker that is asked to stop: it begins nothing, and large uploads that cannot end in time are left. */
    private void drain() {
        world.story().tell(called, "drains");
        long until = world.kernel().now() + DRAINING;
        parts.drain(() -> Duration.ofMillis(Math.max(0, until - world.kernel().now())));
        world.kernel().at(until, () -> LockSupport.unpark(poller));
        Kernel.parkUntil(() -> world.kernel().now() >= until);
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

    private void lookForParts() {
        for (Part part : shares) {
            if (part.loaded != null) {
                Runnable take = part.loaded;
                part.loaded = null;
                take.run();
            }
            if (!parts.owns(part.work) && part.loading == 0 && world.group().owner(part.number).equals(member)) {
                part.load();
            }
        }
    }

    /** Nothing is owned any more. */
    private void endParts() {
        parts.end();
        shares.forEach(part -> part.loading = 0);
    }

    boolean ownsAny() {
        return parts != null && shares.stream().anyMatch(part -> parts.owns(part.work));
    }

    /** What the worker has to do with one partition. */
    private final class Part {
        private final int number;
        private final TopicPartition work;
        private int loading;
        private Runnable loaded;
        private long position;

        Part(int number) {
            this.number = number;
            this.work = World.workOf(number);
        }

        private void load() {
            int mine = ++world.loads;
            loading = mine;
            Log.Partition ledger = world.ledger(number);
            Log.Partition entries = world.index(number);
            start(process, "ledger", () -> {
                long end = ledger.highWatermark();
                long indexEnd = entries.highWatermark();
                boolean offline;
                while ((offline = ledger.offline() || entries.offline())
                        || ledger.stable() < end
                        || entries.stable() < indexEnd) {
                    world.kernel().sleep(offline ? 10_000 : 500);
                }
                var reading = new Reading(world);
                Map<String, LedgerMark> marks = reading.marks(ledger);
                var found = (Position) marks.remove(LedgerMark.POSITION_KEY);
                DeliveryIndex index = reading.index(entries);
                loaded = () -> take(mine, found, marks, index);
                wake();
            });
        }

        private void take(int load, Position found, Map<String, LedgerMark> marks, DeliveryIndex index) {
            if (load != loading) {
                return;
            }
            Position at = found == null ? Position.at(0, World.HOME.clusterId(), World.HOME.topicId()) : found;
            long begin = world.work(number).start();
            if (at.next() < begin) {
                world.truth().held("the position is " + at.next() + ", the work begins at " + begin);
                at = Position.at(begin, World.HOME.clusterId(), World.HOME.topicId());
            }
            loading = 0;
            world.story().tell(called, "takes partition " + number + " over at " + at.next() + " with " + marks.size()
                    + " marks");
            parts.take(work, at, marks, index);
            position = at.next();
        }

        private boolean read() {
            Log.Partition log = world.work(number);
            if (!parts.owns(work) || log.offline()) {
                return false;
            }
            parts.seek(work).ifPresent(offset -> position = offset);
            long end = log.stable();
            if (end <= position) {
                return false;
            }
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (Log.Entry entry : log.committed(position)) {
                records.add(new ConsumerRecord<>(work.topic(), number, entry.offset(), entry.key(), entry.value()));
            }
            position = end;
            parts.handle(work, records, end);
            return true;
        }
    }

    /** It is told that its partition is wanted elsewhere. */
    void revoke() {
        revoked = true;
        wake();
    }

    /** It hears nothing of the group. */
    void blind(long millis) {
        blindUntil = world.kernel().now() + millis;
        world.kernel().after(millis, this::wake);
    }
}
