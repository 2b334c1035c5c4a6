package io.waybill.lives;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Hands out the faults of a life where they are due. Each happens once. */
final class Faults {
    private final List<Fault> open;
    private final Map<Fault.Point, Integer> counts = new EnumMap<>(Fault.Point.class);
    private final Map<Fault.Kind, Integer> happened = new EnumMap<>(Fault.Kind.class);
    private final Consumer<Fault> hinders;
    private boolean over;

    /**
     * @param hinders is told of each that may hinder any file
     */
    Faults(List<Fault> all, Consumer<Fault> hinders) {
        this.hinders = hinders;
        open = new ArrayList<>(all);
    }

    /** The fault of the next call of that kind; null if all goes well. */
    Fault next(Fault.Point point) {
        int number = counts.merge(point, 1, Integer::sum) - 1;
        if (over) {
            return null;
        }
        for (int i = 0; i < open.size(); i++) {
            Fault fault = open.get(i);
            if (fault.kind().point() == point && fault.at() == number) {
                open.remove(i);
                happened(fault);
                return fault;
            }
        }
        return null;
    }

    void happened(Fault fault) {
        happened.merge(fault.kind(), 1, Integer::sum);
        hinders.accept(fault);
    }

    boolean happened(Fault.Kind kind) {
        return happened.containsKey(kind);
    }

    /** From now on nothing goes wrong. */
    void end() {
        over = true;
    }

    int count(Fault.Point point) {
        return counts.getOrDefault(point, 0);
    }

    /** How often each happened. */
    Map<Fault.Kind, Integer> happened() {
        return happened;
    }
}
