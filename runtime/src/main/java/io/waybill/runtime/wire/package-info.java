/**
 * The form of records on the wire: Avro in Confluent's format, mapped to and from the words of the domain. No other
 * package uses the generated Avro classes.
 *
 * <p>{@link io.waybill.runtime.wire.RegistryAvroSerializer} and
 * {@link io.waybill.runtime.wire.RegistryAvroDeserializer} write and read the same bytes as Confluent's own serializer,
 * take its property names, and can be replaced by it in the configuration. {@link io.waybill.runtime.wire.DomainSerdes}
 * adds the mapping.
 */
@NullMarked
package io.waybill.runtime.wire;

import org.jspecify.annotations.NullMarked;
