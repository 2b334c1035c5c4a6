package io.waybill.worker;

import io.waybill.worker.delivery.PublishProtocol;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;

/**
 * Where tests and measurements put something of theirs into a worker. What they put there lives with them; a worker that
 * delivers anybody's files has {@link #NONE}.
 *
 * @param producers puts something between the worker and each of its producers
 * @param protocol  when what is said of files is committed
 */
public record WorkerTestHooks(UnaryOperator<Producer<byte[], byte[]>> producers, PublishProtocol protocol) {
    /** The product. */
    public static final WorkerTestHooks NONE =
            new WorkerTestHooks(UnaryOperator.identity(), PublishProtocol.TWO_PHASE);
}
