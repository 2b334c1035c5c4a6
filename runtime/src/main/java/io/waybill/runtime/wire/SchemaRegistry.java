package io.waybill.runtime.wire;

import org.apache.avro.Schema;

/**
 * Gives schemas numbers that stand for them on the wire. Safe for several threads. Every method throws {@link
 * org.apache.kafka.common.errors.RetriableException} when trying again may help and {@link
 * org.apache.kafka.common.errors.SerializationException} when it will not.
 */
public interface SchemaRegistry extends AutoCloseable {
    /** The id of a schema under a subject, registering it if it is new. */
    int register(String subject, Schema schema);

    /** The id of a schema that must be registered already. */
    int lookUp(String subject, Schema schema);

    /** The schema that an id stands for. */
    Schema byId(int id);

    @Override
    void close();
}
