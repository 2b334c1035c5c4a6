package io.waybill.testkit.kube.plan;

/**
 * A pod, as a controller sees it. Those that are gone are not among them.
 *
 * @param revision of the template that it was made of
 * @param created  grows with time
 */
public record PodState(
        String name, int ordinal, String revision, boolean ready, boolean terminating, long created) {
    boolean healthy() {
        return ready && !terminating;
    }
}
