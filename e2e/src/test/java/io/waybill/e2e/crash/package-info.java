/**
 * The crash matrix: what {@code docs/exactly-once.md} promises, tried by breaking real processes at every step.
 *
 * <p>An {@link io.waybill.e2e.crash.Installation} is a broker with S3 and all services but the worker in one process,
 * sshd in another, and {@link io.waybill.e2e.crash.WorkerProcess}es. In each of these a {@link
 * io.waybill.e2e.crash.Gate} stands behind every step towards Kafka, the destination and the store; a {@link
 * io.waybill.e2e.crash.FaultInjector} for each worker arms one fault after the other of a {@link
 * io.waybill.e2e.crash.Schedule} there, and does what the fault says when the gate reports that it was reached.
 *
 * <p>What happened is seen from outside only: the kernel tells an {@link io.waybill.e2e.crash.Observer} of every name
 * at the destination, and a {@link io.waybill.e2e.crash.TopicTail} reads the topics. Both make a {@link
 * io.waybill.e2e.crash.History}, which the {@link io.waybill.e2e.crash.Checker}s judge.
 */
@NullMarked
package io.waybill.e2e.crash;

import org.jspecify.annotations.NullMarked;
