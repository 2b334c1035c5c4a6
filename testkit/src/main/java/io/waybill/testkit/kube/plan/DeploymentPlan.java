package io.waybill.testkit.kube.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The next steps of a Deployment.
 *
 * @param surge       how many pods there may be more than asked for during an update
 * @param unavailable how many of those asked for may be missing meanwhile
 */
public record DeploymentPlan(int replicas, String revision, int surge, int unavailable) {

    /**
     * None if all is done, or if something must happen first.
     *
     * @param nextOrdinal a number that no pod ever had
     */
    public List<Step> next(List<PodState> pods, int nextOrdinal) {
        List<PodState> alive = pods.stream().filter(pod -> !pod.terminating()).toList();
        List<PodState> current = alive.stream().filter(pod -> pod.revision().equals(revision)).toList();
        List<PodState> old = alive.stream().filter(pod -> !pod.revision().equals(revision)).toList();
        var steps = new ArrayList<Step>();
        int room = Math.min(replicas - current.size(), replicas + surge - alive.size());
        for (int i = 0; i < room; i++) {
            steps.add(new Step.Create(nextOrdinal + i));
        }
        if (steps.isEmpty()) {
            // Of those that may go: first what does no work, then the youngest.
            var order =
                    Comparator.comparing(PodState::ready).thenComparing(PodState::created, Comparator.reverseOrder());
            current.stream().sorted(order).limit(Math.max(0, current.size() - replicas))
                    .forEach(pod -> steps.add(new Step.Delete(pod.name())));
            long spare = alive.stream().filter(PodState::healthy).count() - (replicas - unavailable);
            for (PodState pod : old.stream().sorted(order).toList()) {
                if (!pod.ready() || spare-- > 0) {
                    steps.add(new Step.Delete(pod.name()));
                }
            }
        }
        return steps;
    }
}
