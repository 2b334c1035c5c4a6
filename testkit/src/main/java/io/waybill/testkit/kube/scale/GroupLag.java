package io.waybill.testkit.kube.scale;

import java.util.Map;
import java.util.Optional;

/**
 * How KEDA's {@code kafka} trigger counts.
 *
 * @param threshold             {@code lagThreshold}
 * @param activation            {@code activationLagThreshold}
 * @param onlyWithLag           {@code limitToPartitionsWithLag}
 * @param allowIdle             {@code allowIdleConsumers}
 * @param earliest              {@code offsetResetPolicy: earliest}
 * @param zeroWithoutOffset     {@code scaleToZeroOnInvalidOffset}
 */
public record GroupLag(
        long threshold,
        long activation,
        boolean onlyWithLag,
        boolean allowIdle,
        boolean earliest,
        boolean zeroWithoutOffset) {

    /**
     * @param ends    of every partition, as a reader of uncommitted records sees them
     * @param offsets of the group; a partition may have none
     */
    public <P> Reading of(Map<P, Long> ends, Map<P, Long> offsets) {
        long total = 0;
        int withLag = 0;
        for (var end : ends.entrySet()) {
            long lag = lag(end.getValue(), Optional.ofNullable(offsets.get(end.getKey())));
            total += lag;
            withLag += lag > 0 ? 1 : 0;
        }
        boolean active = total > activation;
        if (!allowIdle || onlyWithLag) {
            long most = onlyWithLag ? withLag : ends.size();
            if (total / threshold > most) {
                total = most * threshold;
            }
        }
        return new Reading(total, threshold, active);
    }

    private long lag(long end, Optional<Long> offset) {
        if (offset.isPresent()) {
            return Math.max(0, end - offset.get());
        }
        if (zeroWithoutOffset) {
            return 0;
        }
        return earliest ? end : 1;
    }
}
