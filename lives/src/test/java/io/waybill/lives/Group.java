package io.waybill.lives;

import java.util.Map;
import java.util.TreeMap;

/** The coordinator of the workers' group: who owns the partition, and whose metadata is of the present. */
final class Group {
    private final Map<String, Integer> epochs = new TreeMap<>();
    private int generation;
    private String owner = "";

    /** A member joins. */
    int join(String member) {
        epochs.put(member, ++generation);
        return generation;
    }

    /** A member is known no more. */
    void remove(String member) {
        epochs.remove(member);
        if (owner.equals(member)) {
            owner = "";
        }
    }

    boolean knows(String member) {
        return epochs.containsKey(member);
    }

    /** The epoch that a member learns when it asks; 0 if it is not known. */
    int epoch(String member) {
        return epochs.getOrDefault(member, 0);
    }

    boolean current(String member, int epoch) {
        return epoch > 0 && epoch(member) == epoch;
    }

    String owner() {
        return owner;
    }

    /** Everybody's metadata is of the past from here on. */
    void give(String member) {
        owner = member;
        generation++;
        epochs.replaceAll((_, _) -> generation);
    }
}
