package io.waybill.worker;

import io.waybill.worker.delivery.PublishProtocol;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;

/**
 * Where tests and measurements change a worker. Their code lives with the tests. A worker that delivers real files has
 * {@link #NONE}.
 *
 * @param producers wraps each of the worker's producers
 * @param protocol  when the worker commits what it reports about files
 */
public record WorkerTestHooks(UnaryOperator<Producer<byte[], byte[]>> producers, PublishProtocol protocol) {
    /** No changes: the product. */
    public static final WorkerTestHooks NONE =
            new WorkerTestHooks(UnaryOperator.identity(), PublishProtocol.TWO_PHASE);
}
