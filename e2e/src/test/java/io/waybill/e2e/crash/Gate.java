package io.waybill.e2e.crash;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * What every step of a worker under test passes, before and after. A fault that is armed happens once. Any thread.
 *
 * <p>It tells the test, in lines: {@code seen POINT} at the first passing of a point, {@code hit ID} when a fault
 * happens, {@code disarmed ID} when one no longer can.
 */
final class Gate {
    private final Consumer<String> told;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Armed> armed = new HashMap<>();
    private final Map<Integer, CountDownLatch> parked = new ConcurrentHashMap<>();

    Gate(Consumer<String> told) {
        this.told = told;
    }

    private static final class Armed {
        private final Fault fault;
        private int left;

        Armed(Fault fault) {
            this.fault = fault;
            this.left = fault.nth();
        }
    }

    synchronized void arm(Fault fault) {
        armed.put(fault.id(), new Armed(fault));
    }

    synchronized void disarm(int id) {
        if (armed.remove(id) != null) {
            told.accept("disarmed " + id);
        }
    }

    /** Lets whoever waits because of this fault go on. */
    void release(int id) {
        CountDownLatch latch = parked.get(id);
        if (latch != null) {
            latch.countDown();
        }
    }

    /**
     * Passes a point; waits there, if a fault says so.
     *
     * @return what the caller must do
     */
    Optional<FaultAction> pass(String point) throws InterruptedException {
        if (seen.add(point)) {
            told.accept("seen " + point);
        }
        Optional<Fault> fault = reached(point);
        if (fault.isEmpty()) {
            return Optional.empty();
        }
        if (!fault.get().action().parks()) {
            told.accept("hit " + fault.get().id());
            return fault.map(Fault::action);
        }
        var latch = new CountDownLatch(1);
        parked.put(fault.get().id(), latch);
        told.accept("hit " + fault.get().id());
        latch.await();
        return Optional.empty();
    }

    private synchronized Optional<Fault> reached(String point) {
        for (Iterator<Armed> each = armed.values().iterator(); each.hasNext();) {
            Armed one = each.next();
            if (one.fault.point().equals(point) && --one.left == 0) {
                each.remove();
                return Optional.of(one.fault);
            }
        }
        return Optional.empty();
    }
}
