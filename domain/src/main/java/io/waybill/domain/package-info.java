/**
 * What Waybill decides, and the words it decides in.
 *
 * <p>A {@link io.waybill.domain.FileState file} is one version of one object on one {@link io.waybill.domain.Route
 * route}. {@link io.waybill.domain.FileEvent Events} report what happened to it; {@link io.waybill.domain.Lifecycle}
 * is the one pure function that turns a state and an event into the next state and its
 * {@link io.waybill.domain.Effect effects}. Nothing here reads a clock, knows Kafka, S3 or SFTP, or does I/O; every type
 * is immutable and may be shared between threads.
 */
@NullMarked
package io.waybill.domain;

import org.jspecify.annotations.NullMarked;
