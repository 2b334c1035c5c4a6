/**
 * Everything Waybill talks to, on this machine: a Kafka broker, an S3 store that announces its objects,
 * a partner's SFTP server and a schema registry, all bound to 127.0.0.1.
 *
 * <p>{@link io.waybill.devstack.servers.EmbeddedStack} starts the four together over one data directory
 * and closes them in reverse. It is what {@code ./waybill up} and {@code ./waybill demo} run on, and what
 * the end-to-end tests start several of, each on free ports. Nothing here simulates: the broker is a real
 * KRaft broker, the store speaks S3 with signatures, and all four keep their state in files, so that a
 * stack killed at any instant goes on where it was.
 *
 * <p>It is made for trying, developing and testing. It has one node of everything and well-known
 * credentials; production brings its own Kafka, S3 and registry.
 */
@NullMarked
package io.waybill.devstack.servers;

import org.jspecify.annotations.NullMarked;
