package io.waybill.lives;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Release;
import io.waybill.domain.Status;
import io.waybill.domain.Suspension;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Everything there is in one life, and what may happen to it. */
final class World {
    static final Home HOME = new Home("cluster", "topic");
    /** What the real coordinator waits for before it ends a transaction. */
    static final Duration TRANSACTION = Duration.ofSeconds(60);

    private static final int[] TRIPS = {2, 1, 40, 900};

    private final Plan plan;
    private final Topics topics;
    private final Kernel kernel;
    private final Story story;
    private final Faults faults;
    private final Truth truth;
    private final Log log;
    private final Group group;
    private final List<Server> servers;
    private final Store store;
    private final State state;
    private final Workers workers;
    private final Map<String, Integer> seen = new TreeMap<>();
    private final Map<Suspension.Subject, Suspension> suspensions = new HashMap<>();
    private final Hindrances hindrances;
    private final PartnerActs partner;
    private final Setting setting;
    private final Mischief mischief;
    int loads;

    World(Plan plan, Topics topics, boolean told, Promises promises, Mischief mischief) {
        this.mischief = mischief;
        this.plan = plan;
        this.topics = topics;
        kernel = new Kernel(plan.choices() == null
                ? Choices.drawn(plan.seed(), plan.settings().unusual())
                : Choices.repeated(plan.choices()));
        log = new Log(kernel, mischief);
        group = new Group(partitions());
        story = new Story(kernel, told);
        hindrances = new Hindrances(kernel);
        faults = new Faults(plan.faults(), hindrances::all);
        setting = new Setting(plan.settings(), mischief);
        truth = new Truth(this, promises);
        servers = List.of(
                new Server(kernel, plan.settings().profile(), plan.settings().emptying(), "/in", truth),
                new Server(kernel, plan.settings().profile(), plan.settings().emptying(), "/out", truth));
        store = new Store(this, plan.settings().versioned());
        state = new State(this);
        reconfigure();
        workers = new Workers(this);
        partner = new PartnerActs(this);
    }

    Kernel kernel() {
        return kernel;
    }

    Story story() {
        return story;
    }

    Faults faults() {
        return faults;
    }

    Truth truth() {
        return truth;
    }

    Log log() {
        return log;
    }

    Group group() {
        return group;
    }

    /** The server on which such names are. */
    Server server(String path) {
        return servers.get(path.startsWith("/out/") ? 1 : 0);
    }

    Server server(DestinationName name) {
        return servers.get(name.equals(Setting.BETA) ? 1 : 0);
    }

    List<Server> servers() {
        return servers;
    }

    int partitions() {
        return Math.max(1, plan.settings().partitions());
    }

    static TopicPartition workOf(int partition) {
        return new TopicPartition("transfer-work", partition);
    }

    PartnerActs partner() {
        return partner;
    }

    Hindrances hindrances() {
        return hindrances;
    }

    /** Something happened that a life must be able to show. */
    void seen(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> seen() {
        return seen;
    }

    void noteIndexed(ProducerRecord<byte[], byte[]> record) {
        if (record.topic().equals(topics.deliveryIndex().name())) {
            seen(record.value() == null ? "index entry expired" : "index entry written");
        }
    }

    Store store() {
        return store;
    }

    State state() {
        return state;
    }

    Mischief mischief() {
        return mischief;
    }

    Plan plan() {
        return plan;
    }

    Topics topics() {
        return topics;
    }

    Setting setting() {
        return setting;
    }

    Workers workers() {
        return workers;
    }

    Log.Partition work(int partition) {
        return log.partition(topics.transferWork().name(), partition);
    }

    Log.Partition ledger(int partition) {
        return log.partition(topics.transferLedger().name(), partition);
    }

    Log.Partition index(int partition) {
        return log.partition(topics.deliveryIndex().name(), partition);
    }

    /** All of one kind. */
    List<Log.Partition> all(IntFunction<Log.Partition> kind) {
        return IntStream.range(0, partitions()).mapToObj(kind).toList();
    }

    Log.Partition controls() {
        return log.partition(topics.controls().name(), 0);
    }

    Log.Partition events() {
        return log.partition(topics.fileEvents().name(), 0);
    }

    Log.Partition partitionOf(ProducerRecord<byte[], byte[]> record) {
        boolean perWork = record.topic().equals(topics.transferLedger().name())
                || record.topic().equals(topics.deliveryIndex().name());
        return log.partition(record.topic(), perWork ? record.partition() : 0);
    }

    RandomGenerator randomFor(int who) {
        return new Random(plan.seed() * 31 + who);
    }

    List<Status> statuses() {
        return state.files().stream().map(FileState::status).toList();
    }

    /** How many intents nobody knows the end of. */
    int unsettled() {
        return IntStream.range(0, partitions()).map(number -> new Reading(this).intents(ledger(number))).sum();
    }

    /** How a file is called in stories. */
    String called(FileId id) {
        return truth.called(id.value());
    }

    /** Somebody writes an event. */
    void tell(FileEvent event) {
        ProducerRecord<byte[], byte[]> record = topics.fileEvents().record(event.id(), event);
        log.appendCommitted(events(), record.key(), record.value());
    }

    /** Somebody says that files need not wait any longer for a place. */
    void release(Release release) {
        ProducerRecord<byte[], byte[]> record = topics.controls().record(release.key(), release);
        log.appendCommitted(controls(), record.key(), record.value());
    }

    /** What was said of the pauses of a destination or a route. */
    Suspension suspension(Suspension.Subject subject) {
        return suspensions.getOrDefault(subject, Suspension.none(subject));
    }

    /** Somebody pauses a destination or a route, or resumes it. */
    void suspend(Suspension suspension) {
        truth.suspended(suspension(suspension.subject()), suspension);
        suspensions.put(suspension.subject(), suspension);
        ProducerRecord<byte[], byte[]> record = topics.controls().record(suspension.key(), suspension);
        log.appendCommitted(controls(), record.key(), record.value());
    }

    /** A worker writes a record, and has not committed it. */
    void written(Worker worker, ProducerRecord<byte[], byte[]> record) {
        if (!record.topic().equals(topics.controls().name())) {
            return;
        }
        Fault fault = faults.next(Fault.Point.RELEASE);
        if (fault != null) {
            story.tell(worker.name(), "release <- " + fault.kind());
            workers.crash(worker, fault.millis());
        }
    }

    /** A request to the destination goes out; the fault that hits it, or null. */
    Fault remoteCall(Worker worker) {
        kernel.sleep(TRIPS[kernel.choices().next(TRIPS.length)]);
        return faults.next(Fault.Point.REMOTE);
    }

    void sourceCall(Worker worker) {
        kernel.sleep(TRIPS[kernel.choices().next(TRIPS.length)]);
    }

    /** A request to the brokers goes out. */
    void brokerCall(Worker worker, String what) {
        kernel.sleep(TRIPS[kernel.choices().next(TRIPS.length)]);
        Fault fault = faults.next(Fault.Point.BROKER);
        if (fault == null) {
            return;
        }
        story.tell(worker.name(), what + " <- " + fault.kind());
        if (fault.kind() == Fault.Kind.CRASH_AT_BROKER) {
            workers.crash(worker, fault.millis());
        }
        workers.disturb(worker, fault);
    }

    /** The destination whose server a fault hits. */
    DestinationName hit(Fault fault) {
        List<String> keys = plan.puts().stream().map(put -> Plan.KEYS.get(put.key())).toList();
        boolean second = keys.stream().anyMatch(key -> key.startsWith(Setting.SECOND));
        boolean first = !second || keys.stream().anyMatch(key -> !key.startsWith(Setting.SECOND));
        return second && (!first || fault.which() % 2 == 1) ? Setting.BETA : setting.destinationOf("/in/");
    }

    /** A server fails for a while. */
    void outage(Fault fault) {
        Server server = server(hit(fault));
        switch (fault.kind()) {
            case OUTAGE, CLOCK_BACK_IN_OUTAGE -> server.down(fault.millis(), FailureKind.UNREACHABLE);
            case LOGIN_REFUSED -> server.down(fault.millis(), FailureKind.AUTHENTICATION);
            case NO_MORE_CONNECTIONS -> server.crowded(fault.millis());
            default -> throw new AssertionError(fault);
        }
    }

    /** The state goes on with the configuration of the moment. */
    void reconfigure() {
        state.configure(setting.config());
    }
}
