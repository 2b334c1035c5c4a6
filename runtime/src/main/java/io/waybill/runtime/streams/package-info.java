/**
 * How the product runs Kafka Streams, so that its services contain only their topologies.
 * {@link io.waybill.runtime.streams.StreamsService} starts, watches and stops a topology.
 * {@link io.waybill.runtime.streams.StreamsProperties} holds the settings that its promises rest on.
 * {@link io.waybill.runtime.streams.PoisonHandler} turns unreadable records into dead letters.
 * {@link io.waybill.runtime.streams.DueIndex} finds due entries without reading the others.
 *
 * <p>This is the only package of this module that needs kafka-streams, which is an optional dependency. A service that
 * uses the package declares it.
 */
@NullMarked
package io.waybill.runtime.streams;

import org.jspecify.annotations.NullMarked;
