/**
 * How the product runs Kafka Streams, so that the services built on it contain only their topologies: {@link
 * io.waybill.runtime.streams.StreamsService} starts, watches and stops one, {@link
 * io.waybill.runtime.streams.StreamsProperties} holds the settings that its promises rest on, and {@link
 * io.waybill.runtime.streams.PoisonHandler} turns what cannot be read into dead letters. {@link
 * io.waybill.runtime.streams.DueIndex} finds what is due without looking at what is not.
 *
 * <p>The one package of this module that needs kafka-streams, which is an optional dependency: a service that uses the
 * package declares it.
 */
@NullMarked
package io.waybill.runtime.streams;

import org.jspecify.annotations.NullMarked;
