package io.waybill.lives;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.runtime.topic.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Lives one plan to its end. */
final class Life {
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;
    /** So long after the last fault every intent is settled, or never will be. */
    private static final long SETTLED_BY = 6 * 60 * MINUTE;

    private static final long MANY_STEPS = 10_000;
    /**
     * A partner that is down and a worker whose clock was set back: it defers to what is past for the others, and so each
     * file is tried at each tick of the monitor.
     */
    private static final long MOST_A_SECOND = 17;
    /** Of days with a server that is read-only: what waits for it is looked at twice a minute. */
    private static final long MOST_STEPS = 1_500_000;

    private final World world;
    private final Plan plan;
    private int untold;
    private boolean over;
    private boolean wedged;
    private long markedStep;
    private long markedTime;

    private Life(Plan plan, Topics topics, Promises promises, boolean told, Mischief mischief) {
        this.plan = plan;
        this.world = new World(plan, topics, told, promises, mischief);
    }

    /**
     * What came of it.
     *
     * @param choices  those that were not plain
     * @param happened the faults that took place, and how often
     */
    record Result(
            Plan plan,
            Map<Promise, String> violations,
            List<String> story,
            Map<Integer, Integer> choices,
            Map<Fault.Kind, Integer> happened,
            Map<String, Integer> seen,
            int calls,
            long steps) {}

    static Result live(Plan plan, Topics topics, Promises promises, boolean told) {
        return live(plan, topics, promises, told, Mischief.NONE);
    }

    /** Lives in a world that does wrong. */
    static Result live(Plan plan, Topics topics, Promises promises, boolean told, Mischief mischief) {
        return new Life(plan, topics, promises, told, mischief).live();
    }

    private Result live() {
        bothWorkers().forEach(Worker::start);
        plan.puts().forEach(this::schedule);
        plan.faults().stream()
                .filter(fault -> fault.kind().point() == Fault.Point.TIME)
                .forEach(fault -> world.kernel().at(fault.at(), () -> happen(fault)));
        long calm = calm();
        world.kernel().at(calm, this::calmDown);
        world.kernel().at(calm + SETTLED_BY, () -> wedged = world.unsettled() > 0);
        Plan.Settings settings = plan.settings();
        long latest = calm + 3 * (settings.unclaimed() + settings.unfinished()) + 26 * DAY;
        boolean ended = world.kernel().run(this::ended, latest, MOST_STEPS);
        // Whoever is late may still do harm.
        world.kernel().run(() -> false, world.kernel().now() + 20 * MINUTE, world.kernel().steps() + 3000);
        world.truth().ended(ended && !wedged);
        return new Result(
                plan,
                world.truth().violations(),
                world.story().lines(),
                world.kernel().choices().made(),
                world.faults().happened(),
                world.seen(),
                world.faults().count(Fault.Point.REMOTE) + world.faults().count(Fault.Point.BROKER),
                world.kernel().steps());
    }

    private boolean ended() {
        if (spins()) {
            return true;
        }
        return wedged || over
                && untold == 0
                && world.kernel().steps() % 16 == 0
                && world.state().idle()
                && world.state().allTerminal()
                && world.unsettled() == 0;
    }

    /** Nothing that is well takes so many steps in so short a time. */
    private boolean spins() {
        if (world.kernel().steps() - markedStep < MANY_STEPS) {
            return false;
        }
        long passed = world.kernel().now() - markedTime;
        if (passed < MANY_STEPS / MOST_A_SECOND * 1000) {
            world.truth()
                    .broken(Promise.EVERY_LIFE_ENDS, "the life spins: " + MANY_STEPS + " steps in " + passed + " ms");
            return true;
        }
        markedStep = world.kernel().steps();
        markedTime = world.kernel().now();
        return false;
    }

    /** When nothing goes wrong any more. */
    private long calm() {
        long last = 0;
        for (Plan.Put put : plan.puts()) {
            last = Math.max(last, Math.max(put.told(), put.again()));
        }
        for (Fault fault : plan.faults()) {
            last = Math.max(last, fault.millis() + (fault.kind().point() == Fault.Point.TIME ? fault.at() : 0));
        }
        return last + 5 * MINUTE;
    }

    private void calmDown() {
        over = true;
        world.faults().end();
        world.all(world::ledger).forEach(partition -> partition.setOffline(false));
        world.all(world::work).forEach(partition -> partition.setOffline(false));
        world.all(world::index).forEach(partition -> partition.setOffline(false));
        world.controls().setOffline(false);
        world.servers().forEach(server -> server.setReadOnly(false));
        world.hindrances().clocksMended();
        // A clock that was set back stays so: it never catches up by itself.
        bothWorkers().forEach(worker -> worker.process().mendClock());
        bothWorkers().forEach(worker -> worker.process().resume());
        bothWorkers().forEach(Worker::start);
        world.log().changed();
    }

    private List<Worker> bothWorkers() {
        return world.workers().both();
    }

    private void schedule(Plan.Put put) {
        untold++;
        String key = Plan.KEYS.get(put.key());
        world.kernel().at(put.at(), () -> {
            Store.Version version = world.store().put(key, put.bytes(), put.fill());
            world.kernel().at(put.told(), () -> {
                untold--;
                arrive(version);
            });
            if (put.again() > 0) {
                world.kernel().at(put.again(), () -> arrive(version));
            }
        });
    }

    /** A notification; without versions the store can only say what is there now. */
    private void arrive(Store.Version told) {
        Store.Version version = plan.settings().versioned() ? told : world.store().current(told.key());
        var source = version.described();
        RouteName route = world.setting().routeOf(version.key());
        FileId id = FileId.of(route, source.bucket(), source.key(), source.version());
        world.truth().arrives(id.value(), version);
        world.tell(new FileEvent.Arrived(id, world.kernel().instant(), route, source));
    }

    private void happen(Fault fault) {
        world.story().tell("world", fault.kind() + " for " + fault.millis() + " ms");
        if (!fault.kind().request()) {
            world.faults().happened(fault);
        }
        Worker worker = world.workers().get(fault.which() % 2);
        switch (fault.kind()) {
            case OUTAGE, LOGIN_REFUSED, NO_MORE_CONNECTIONS -> {
                world.hindrances().only(world.server(world.hit(fault)), fault);
                world.outage(fault);
            }
            case LEDGER_OFFLINE -> offline(fault, world::ledger);
            case WORK_OFFLINE -> offline(fault, world::work);
            case INDEX_OFFLINE -> offline(fault, world::index);
            case CONTROLS_OFFLINE -> whileIt(fault, is -> world.controls().setOffline(is));
            case READ_ONLY -> {
                world.hindrances().only(world.server(world.hit(fault)), fault);
                Server server = world.server(world.hit(fault));
                whileIt(fault, server::setReadOnly);
            }
            case COMPACTED -> compact();
            case DUPLICATE_ID -> world.workers().runTwice(fault);
            case WORKER_DIFFERS -> whileIt(fault, is -> {
                world.setting().differs(is ? fault.which() % 2 : -1);
                world.workers().restart(worker);
            });
            case ROUTE_RENAMED -> {
                world.setting().renameRoute();
                world.reconfigure();
            }
            case DESTINATION_RENAMED -> whenEmpty(() -> {
                world.setting().renameDestination();
                world.reconfigure();
                bothWorkers().forEach(world.workers()::restart);
            });
            case MONITOR_RECONFIGURED, MONITOR_REPLAYS, DEADLINES_LOST -> world.state().disturbMonitor(fault);
            case CRASH_NOW -> world.workers().restart(worker);
            case HAND_OVER_NOW -> bothWorkers().forEach(Worker::revoke);
            case WORK_ABORTED -> abortWork(fault.which() % world.partitions());
            case CLOCK_BACK -> worker.process().setClock(-60 * MINUTE);
            case CLOCK_AHEAD -> worker.process().setClock(DAY);
            case PARTNER_PUTS -> world.partner().puts(fault.which());
            case PARTNER_TAKES -> world.partner().takes();
            case DESTINATION_REMOVED -> whileIt(fault, is -> {
                world.setting().without(fault.which() % 2, is);
                world.workers().restart(worker);
            });
            // Paths may go to another partition, which does not know what was delivered there: that is not promised.
            case MORE_LANES -> whenEmpty(() -> {
                if (world.partitions() > 1) {
                    return;
                }
                world.setting().moreLanes();
                world.reconfigure();
            });
            case ROUTE_REMOVED -> whileIt(fault, is -> {
                world.setting().removeRoute(is);
                world.reconfigure();
            });
            case STORE_DOWN -> world.store().down(fault.millis());
            case CLOCK_BACK_IN_OUTAGE -> {
                world.hindrances().only(world.server(world.hit(fault)), fault);
                world.outage(fault);
                Worker late = world.workers().get(fault.which() / 2 % 2);
                world.kernel().after(fault.millis() / 2, () -> late.process().setClock(-60 * MINUTE));
            }
            case ROLLED_OUT -> rollOut(fault);
            case HOST_RENAMED -> {
                world.setting().renameHost();
                bothWorkers().forEach(world.workers()::restart);
            }
            case DESTINATION_PAUSED, ROUTE_PAUSED -> {
                world.hindrances().only(world.server(world.hit(fault)), fault);
                new Operator(world).pause(fault);
            }
            case REDRIVE, CANCEL, CANCEL_THEN_REDRIVE, RESOLVE_DELIVERED, RESOLVE_RESEND, RETRY, RETRY_DESTINATION,
                    RESEND, FORGET ->
                new Operator(world).operate(fault);
            default -> throw new AssertionError(fault);
        }
    }

    /** The processes are restarted with the new route in turn; in which order, the fault says. */
    private void rollOut(Fault fault) {
        List<Switch> processes = new ArrayList<>(List.of(
                is -> {
                    world.setting().removeRoute(!is);
                    world.reconfigure();
                },
                is -> know(0, is),
                is -> know(1, is)));
        Collections.rotate(processes, fault.which() % 3);
        if (fault.which() / 3 % 2 == 1) {
            Collections.reverse(processes);
        }
        long each = fault.millis() / processes.size();
        for (int i = 0; i < processes.size(); i++) {
            Switch process = processes.get(i);
            process.set(false);
            world.kernel().after(each * (i + 1), () -> process.set(true));
        }
    }

    private void know(int number, boolean is) {
        world.setting().without(number, !is);
        world.workers().restart(world.workers().get(number));
    }

    /** Paths go to other lanes, so the operator lets the queue run empty first. */
    private void whenEmpty(Runnable change) {
        if (world.state().idle() && world.state().allTerminal() && world.unsettled() == 0) {
            change.run();
        } else {
            world.kernel().after(MINUTE, () -> whenEmpty(change));
        }
    }

    /** Work is written and not committed. */
    private void abortWork(int partition) {
        var transaction = new Log.Transaction();
        world.log().append(transaction, world.work(partition), new byte[0], new byte[0]);
        world.log().end(transaction, Log.State.ABORTED);
    }

    /** Superseded records are taken out. */
    private void compact() {
        int gone = world.controls().compact();
        for (int partition = 0; partition < world.partitions(); partition++) {
            gone += world.ledger(partition).compact() + world.index(partition).compact();
        }
        world.story().tell("brokers", "compact: " + gone + " records are gone");
        if (gone > 0) {
            world.seen("records compacted");
        }
    }

    /** The partition of one number; which of them the fault says. */
    private void offline(Fault fault, IntFunction<Log.Partition> kind) {
        int number = fault.which() % world.partitions();
        world.hindrances().only(number, fault);
        whileIt(fault, kind.apply(number)::setOffline);
    }

    private interface Switch {
        void set(boolean is);
    }

    private void whileIt(Fault fault, Switch thing) {
        thing.set(true);
        world.kernel().after(fault.millis(), () -> {
            thing.set(false);
            world.log().changed();
        });
    }
}
