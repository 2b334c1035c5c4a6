package io.waybill.lives;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.runtime.topic.Topics;
import java.util.List;
import java.util.Map;

/** Lives one plan to its end. */
final class Life {
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;
    /** So long after the last fault every intent is settled, or never will be. */
    private static final long SETTLED_BY = 6 * 60 * MINUTE;

    private static final long MANY_STEPS = 10_000;
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
        world.workers().forEach(Worker::start);
        plan.puts().forEach(this::schedule);
        plan.faults().stream()
                .filter(fault -> fault.kind().point() == Fault.Point.TIME)
                .forEach(fault -> world.kernel().at(fault.at(), () -> happen(fault)));
        long calm = calm();
        world.kernel().at(calm, this::calmDown);
        world.kernel().at(calm + SETTLED_BY, () -> wedged = world.unsettled() > 0);
        Plan.Settings settings = plan.settings();
        long latest = calm + 3 * (settings.unclaimed() + settings.unfinished()) + 2 * DAY;
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
        if (passed < 10 * MINUTE) {
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
        world.ledger().setOffline(false);
        world.work().setOffline(false);
        world.server().setReadOnly(false);
        world.workers().forEach(worker -> worker.process().setClock(0));
        world.workers().forEach(worker -> worker.process().resume());
        world.workers().forEach(Worker::start);
        world.log().changed();
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
        FileId id = FileId.of(World.ROUTE, source.bucket(), source.key(), source.version());
        world.truth().arrives(id.value(), version);
        world.tell(new FileEvent.Arrived(id, world.kernel().instant(), World.ROUTE, source));
    }

    private void happen(Fault fault) {
        world.story().tell("world", fault.kind() + " for " + fault.millis() + " ms");
        if (fault.kind().ordinal() < Fault.Kind.REDRIVE.ordinal()) {
            world.faults().happened(fault.kind());
        }
        Worker worker = world.workers().get(fault.which() % 2);
        switch (fault.kind()) {
            case OUTAGE, LOGIN_REFUSED, NO_MORE_CONNECTIONS -> world.outage(fault);
            case LEDGER_OFFLINE -> whileIt(fault, is -> world.ledger().setOffline(is));
            case WORK_OFFLINE -> whileIt(fault, is -> world.work().setOffline(is));
            case READ_ONLY -> whileIt(fault, is -> world.server().setReadOnly(is));
            case CRASH_NOW -> world.restart(worker);
            case HAND_OVER_NOW -> world.workers().forEach(Worker::revoke);
            case WORK_ABORTED -> world.abortWork();
            case CLOCK_BACK -> worker.process().setClock(-60 * MINUTE);
            case CLOCK_AHEAD -> worker.process().setClock(DAY);
            case PARTNER_PUTS -> world.partnerPuts(fault.which());
            case PARTNER_TAKES -> world.partnerTakes();
            case DESTINATION_REMOVED -> whileIt(fault, is -> {
                world.setting().without(is ? fault.which() % 2 : -1);
                world.restart(worker);
            });
            case MORE_LANES -> moreLanes();
            case ROUTE_REMOVED -> whileIt(fault, is -> {
                world.setting().removeRoute(is);
                world.reconfigure();
            });
            case HOST_RENAMED -> {
                world.setting().renameHost();
                world.workers().forEach(world::restart);
            }
            case REDRIVE, CANCEL, CANCEL_THEN_REDRIVE, RESOLVE_DELIVERED, RESOLVE_RESEND -> world.operate(fault);
            default -> throw new AssertionError(fault);
        }
    }

    /** Paths go to other lanes, so the operator lets the queue run empty first. */
    private void moreLanes() {
        if (world.state().idle() && world.state().allTerminal() && world.unsettled() == 0) {
            world.setting().moreLanes();
            world.reconfigure();
        } else {
            world.kernel().after(MINUTE, this::moreLanes);
        }
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
