package io.waybill.runtime.kafka;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.errors.InterruptException;

/** Checks whether a cluster can keep exactly-once promises at all. */
public final class ClusterCheck {
    private static final short LEAST_TRANSACTION_VERSION = 2;
    private static final long TIMEOUT_SECONDS = 30;

    private ClusterCheck() {}

    /**
     * The fault of the cluster, for people; empty if there is none. Below transaction.version 2 (KIP-890) a delayed
     * message of an old transaction can end up in a new one (KAFKA-17754).
     */
    public static Optional<String> fault(Admin admin) {
        try {
            var features = admin.describeFeatures().featureMetadata().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            int version = transactionVersion(features);
            return version >= LEAST_TRANSACTION_VERSION
                    ? Optional.empty()
                    : Optional.of("the cluster's transaction.version is " + version + ", exactly-once needs "
                            + LEAST_TRANSACTION_VERSION
                            + ": upgrade it with 'kafka-features.sh upgrade --feature transaction.version="
                            + LEAST_TRANSACTION_VERSION + "'");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                return Optional.of("no broker answered: " + e.getCause().getMessage());
            }
            return Optional.of("the brokers refuse to describe their features: " + e.getCause());
        } catch (TimeoutException e) {
            return Optional.of("no broker answered within " + TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static int transactionVersion(FeatureMetadata features) {
        var range = features.finalizedFeatures().get("transaction.version");
        return range == null ? 0 : range.maxVersionLevel();
    }
}
