package io.waybill.ingest;

import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.time.ProcessClock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the clients of one instance. The caller that asks for a client closes it. */
interface KafkaClients {
    /** A member of the ingest group that reads committed records and commits nothing by itself. */
    Consumer<byte[], byte[]> consumer();

    /** A reader of committed records that is in no group. */
    Consumer<byte[], byte[]> reader();

    /** A transactional producer, each time with the same transactional id. */
    Producer<byte[], byte[]> producer();

    /** The guard of that transactional id. */
    FencingGuard fencing(ProcessClock clock);
}
