/**
 * How records look on the wire: Avro in Confluent's format, mapped to and from the words of the domain. Generated Avro
 * classes go no further than this package.
 *
 * <p>{@link io.waybill.runtime.wire.RegistryAvroSerializer} and {@link io.waybill.runtime.wire.RegistryAvroDeserializer}
 * write and read what Confluent's own serializer does, take its property names, and can be replaced by it in the
 * configuration; {@link io.waybill.runtime.wire.DomainSerdes} puts the mapping on top.
 */
@NullMarked
package io.waybill.runtime.wire;

import org.jspecify.annotations.NullMarked;
