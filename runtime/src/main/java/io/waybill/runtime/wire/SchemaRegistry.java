package io.waybill.runtime.wire;

import org.apache.avro.Schema;

/**
 * Gives schemas the numbers that represent them on the wire. Safe for several threads. Every method throws
 * {@link org.apache.kafka.common.errors.RetriableException} if a retry may help, and
 * {@link org.apache.kafka.common.errors.SerializationException} if it will not.
 */
public interface SchemaRegistry extends AutoCloseable {
    /** The id of a schema under a subject, registering it if it is new. */
    int register(String subject, Schema schema);

    /** The id of a schema that must be registered already. */
    int lookUp(String subject, Schema schema);

    /** The schema that an id represents. */
    Schema byId(int id);

    @Override
    void close();
}
