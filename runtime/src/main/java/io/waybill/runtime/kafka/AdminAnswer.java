package io.waybill.runtime.kafka;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for answers of the brokers to an {@link org.apache.kafka.clients.admin.Admin}. */
public final class AdminAnswer {
    private static final long TIMEOUT_SECONDS = 30;

    private AdminAnswer() {}

    /**
     * The answer, for which it waits half a minute at most. Throws the {@link KafkaException} of the brokers' answer,
     * or Kafka's own time-out.
     */
    public static <T> T of(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "the brokers did not answer within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
