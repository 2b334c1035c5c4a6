package io.waybill.runtime.wire;

import org.apache.avro.specific.SpecificRecord;

/**
 * Maps between a domain type and its Avro record, both ways without loss. A record is built from an empty one: a new
 * builder takes its missing fields from Avro's store of defaults, which has one lock for all threads.
 *
 * @param <D> the domain type
 * @param <A> the generated record
 */
interface Codec<D, A extends SpecificRecord> {
    /** The generated record's class. */
    Class<A> wireType();

    A toWire(D value);

    /** Throws {@link IllegalArgumentException} for a record that its schema allows and the domain does not. */
    D fromWire(A wire);
}
