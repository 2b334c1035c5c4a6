package io.waybill.lives;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The coordinator of the workers' group: who owns each partition, and whose metadata is of the present. */
final class Group {
    private final Map<String, Integer> epochs = new TreeMap<>();
    private final String[] owners;
    private int generation;

    Group(int partitions) {
        owners = new String[partitions];
        Arrays.fill(owners, "");
    }

    /** A member joins. */
    int join(String member) {
        epochs.put(member, ++generation);
        return generation;
    }

    /** A member is known no more. */
    void remove(String member) {
        epochs.remove(member);
        for (int i = 0; i < owners.length; i++) {
            if (owners[i].equals(member)) {
                owners[i] = "";
            }
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

    String owner(int partition) {
        return owners[partition];
    }

    /** Whether a member owns any partition. */
    boolean owns(String member) {
        return Arrays.asList(owners).contains(member);
    }

    /** Everybody's metadata is of the past from here on. */
    void give(int partition, String member) {
        owners[partition] = member;
        generation++;
        epochs.replaceAll((_, _) -> generation);
    }
}
