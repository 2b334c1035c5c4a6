package io.waybill.worker;

import io.waybill.worker.delivery.Protocol;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;

/**
 * What tests and measurements may have otherwise in a worker; a worker that delivers anybody's files uses {@link #NONE}.
 *
 * @param producers puts something between the worker and each of its producers
 * @param protocol  how files are published
 */
public record Experiment(UnaryOperator<Producer<byte[], byte[]>> producers, Protocol protocol) {
    /** The product. */
    public static final Experiment NONE = new Experiment(UnaryOperator.identity(), Protocol.TWO_PHASE);
}
