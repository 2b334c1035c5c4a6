package io.waybill.runtime.kafka;

import io.waybill.runtime.text.Reasons;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** Checks whether a cluster can keep exactly-once promises at all. */
public final class ClusterCheck {
    private static final short LEAST_TRANSACTION_VERSION = 2;
    private static final long TIMEOUT_SECONDS = 30;

    private ClusterCheck() {}

    /**
     * Why no service can run with the cluster.
     *
     * @param message         for people; one line
     * @param ofConfiguration whether it stays until somebody changes the configuration
     */
    public record Fault(String message, boolean ofConfiguration) {}

    /**
     * The fault of the cluster; empty if there is none. Below transaction.version 2 (KIP-890) a delayed message of an old
     * transaction can end up in a new one (KAFKA-17754).
     */
    public static Optional<Fault> fault(Admin admin) {
        try {
            var features = admin.describeFeatures().featureMetadata().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            int version = transactionVersion(features);
            return version >= LEAST_TRANSACTION_VERSION
                    ? Optional.empty()
                    : passing("the cluster's transaction.version is " + version + ", exactly-once needs "
                            + LEAST_TRANSACTION_VERSION
                            + ": upgrade it with 'kafka-features.sh upgrade --feature transaction.version="
                            + LEAST_TRANSACTION_VERSION + "'");
        } catch (ExecutionException e) {
            return Optional.of(refused(e.getCause()));
        } catch (TimeoutException e) {
            return passing("no broker answered within " + TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Optional<Fault> passing(String message) {
        return Optional.of(new Fault(message, false));
    }

    private static Fault refused(@Nullable Throwable cause) {
        return switch (cause) {
            case org.apache.kafka.common.errors.TimeoutException late ->
                new Fault("no broker answered: " + late.getMessage(), false);
            case SslAuthenticationException tls ->
                new Fault(
                        "no TLS with the brokers: " + Reasons.of(tls)
                                + "; renew the brokers' certificate if it has expired, or correct the certificates of"
                                + " kafka.ssl",
                        true);
            case AuthenticationException login ->
                new Fault(
                        "the brokers refuse the login: " + Reasons.of(login) + "; correct kafka.sasl.jaas.config",
                        true);
            case null, default -> new Fault("the brokers refuse to describe their features: " + cause, false);
        };
    }

    private static int transactionVersion(FeatureMetadata features) {
        var range = features.finalizedFeatures().get("transaction.version");
        return range == null ? 0 : range.maxVersionLevel();
    }
}
