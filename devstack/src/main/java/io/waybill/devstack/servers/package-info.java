/**
 * Everything that Waybill talks to, on this machine: a Kafka broker, an S3 store that announces its objects, a
 * partner's SFTP server and a schema registry. All of them are bound to 127.0.0.1.
 *
 * <p>{@link io.waybill.devstack.servers.EmbeddedStack} starts the four together over one data directory and closes them
 * in reverse order. {@code ./waybill up} and {@code ./waybill demo} run on it. The end-to-end tests start several of
 * it, each on free ports. Nothing here simulates: the broker is a real KRaft broker, the store speaks S3 with
 * signatures, and all four keep their state in files. So a stack that is killed at any moment continues where it was.
 *
 * <p>It is made for trying, developing and testing. It has one node of everything and well-known credentials.
 * Production has its own Kafka, S3 and registry.
 */
@NullMarked
package io.waybill.devstack.servers;

import org.jspecify.annotations.NullMarked;
