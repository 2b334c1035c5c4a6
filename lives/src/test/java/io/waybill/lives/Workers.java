package io.waybill.lives;

import java.util.List;

/** The processes of the workers: how they die, are disturbed and come back, and which partitions the group gives them. */
final class Workers {
    private static final long SESSION = 45_000;
    /** A member that lives hears from the group's coordinator by then. */
    private static final long LONGEST_BLIND = 8_000;

    private final World world;
    private final List<Worker> all;
    private final Worker duplicate;

    Workers(World world) {
        this.world = world;
        duplicate = new Worker(world, "A", 2, "A*");
        all = List.of(new Worker(world, "A", 0, "A"), new Worker(world, "B", 1, "B"), duplicate);
        world.log().listen(() -> all.forEach(worker -> {
            worker.controlsMoved();
            if (worker.alive() && worker.ownsAny()) {
                worker.wake();
            }
        }));
    }

    /** Those that are to run. */
    List<Worker> both() {
        return all.subList(0, 2);
    }

    /** One of those that are to run. */
    Worker get(int number) {
        return all.get(number);
    }

    /** The worker dies at once, on its own thread, and is started again so much later. */
    void crash(Worker worker, long millis) {
        kill(worker, millis);
        Kernel.parkUntil(() -> false);
    }

    private void kill(Worker worker, long millis) {
        String member = worker.member();
        worker.process().kill();
        world.kernel().after(Math.min(SESSION, millis), () -> leave(member));
        world.kernel().after(millis, () -> {
            if (worker != duplicate) {
                worker.start();
            }
        });
    }

    /** It stopped by itself. */
    void stopped(Worker worker, Throwable problem) {
        world.truth().stopped(worker, problem);
        kill(worker, 10_000);
    }

    /** What happens to a worker and lets it go on. */
    void disturb(Worker worker, Fault fault) {
        switch (fault.kind()) {
            case PAUSE, PAUSE_AT_BROKER -> {
                worker.process().pause(fault.millis());
                if (fault.millis() > SESSION) {
                    String member = worker.member();
                    world.truth().zombie();
                    world.kernel().after(SESSION, () -> leave(member));
                }
                world.kernel().sleep(1);
            }
            case ZOMBIE, ZOMBIE_AT_BROKER -> {
                world.truth().zombie();
                worker.blind(Math.min(fault.millis(), LONGEST_BLIND));
                leave(worker.member());
            }
            case HAND_OVER, HAND_OVER_AT_BROKER -> worker.revoke();
            default -> throw new AssertionError(fault);
        }
    }

    private void leave(String member) {
        world.group().remove(member);
        balance();
    }

    void joined(Worker worker, int epoch) {
        balance();
    }

    private void balance() {
        for (int partition = 0; partition < world.partitions(); partition++) {
            if (world.group().owner(partition).isEmpty()) {
                List<Worker> able = able();
                if (!able.isEmpty()) {
                    give(partition, able.get(partition % able.size()));
                }
            }
        }
    }

    private List<Worker> able() {
        return all.stream().filter(worker -> worker.alive() && world.group().knows(worker.member())).toList();
    }

    private void give(int partition, Worker worker) {
        if (world.story().kept()) {
            world.story().tell("group", "gives partition " + partition + " to " + worker.member());
        }
        world.group().give(partition, worker.member());
        worker.wake();
    }

    /** All that it has, to the other, if it is there. */
    void giveAwayFrom(Worker worker) {
        Worker to = able().stream().filter(other -> other != worker).findFirst().orElse(worker);
        for (int partition = 0; partition < world.partitions(); partition++) {
            if (world.group().owner(partition).equals(worker.member())) {
                give(partition, to);
            }
        }
    }

    /** A worker is stopped and started again with the configuration of the moment. */
    void restart(Worker worker) {
        if (worker.alive()) {
            kill(worker, 2000);
        }
    }

    /** Another process runs under the id of a worker for a while. */
    void runTwice(Fault fault) {
        duplicate.start();
        world.kernel().after(Math.max(2000, Math.min(fault.millis(), 600_000)), () -> {
            if (duplicate.alive()) {
                kill(duplicate, 0);
            }
        });
    }
}
