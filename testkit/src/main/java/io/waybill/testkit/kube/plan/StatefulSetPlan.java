package io.waybill.testkit.kube.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The next steps of a StatefulSet.
 *
 * @param replicas  how many pods there should be
 * @param parallel  whether pods start and end at once; an update goes one by one all the same
 * @param revision  the newest
 * @param partition ordinals from which on pods are updated
 */
public record StatefulSetPlan(int replicas, boolean parallel, String revision, int partition) {

    /** None if all is done, or if something must happen first. */
    public List<Step> next(List<PodState> pods) {
        Map<Integer, PodState> byOrdinal = pods.stream()
                .collect(Collectors.toMap(PodState::ordinal, Function.identity(), (one, _) -> one, TreeMap::new));
        List<Step> missing = missing(byOrdinal);
        if (!missing.isEmpty() || !parallel && isUnderWay(byOrdinal)) {
            return missing;
        }
        List<PodState> condemned = pods.stream()
                .filter(pod -> pod.ordinal() >= replicas)
                .sorted(Comparator.comparingInt(PodState::ordinal).reversed())
                .toList();
        if (!condemned.isEmpty()) {
            return condemn(condemned);
        }
        return update(byOrdinal);
    }

    private List<Step> missing(Map<Integer, PodState> pods) {
        var missing = new ArrayList<Step>();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            PodState pod = pods.get(ordinal);
            if (pod == null) {
                missing.add(new Step.Create(ordinal));
            }
            if (!parallel && (pod == null || !pod.healthy())) {
                return missing;
            }
        }
        return missing;
    }

    private boolean isUnderWay(Map<Integer, PodState> pods) {
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            PodState pod = pods.get(ordinal);
            if (pod == null || !pod.healthy()) {
                // A pod of an old revision that never gets ready is replaced by nobody, as in a cluster.
                return true;
            }
        }
        return false;
    }

    private List<Step> condemn(List<PodState> highestFirst) {
        var steps = new ArrayList<Step>();
        for (PodState pod : highestFirst) {
            if (!pod.terminating()) {
                steps.add(new Step.Delete(pod.name()));
            }
            if (!parallel) {
                break;
            }
        }
        return steps;
    }

    private List<Step> update(Map<Integer, PodState> pods) {
        for (int ordinal = replicas - 1; ordinal >= partition; ordinal--) {
            PodState pod = pods.get(ordinal);
            if (pod == null || pod.terminating()) {
                return List.of();
            }
            if (!pod.revision().equals(revision)) {
                return List.of(new Step.Delete(pod.name()));
            }
            if (!pod.ready()) {
                return List.of();
            }
        }
        return List.of();
    }
}
