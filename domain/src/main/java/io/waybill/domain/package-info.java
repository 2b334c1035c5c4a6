/**
 * The decisions of Waybill, and the words for them.
 *
 * <p>A {@link io.waybill.domain.FileState file} is one version of one object on one
 * {@link io.waybill.domain.Route route}. {@link io.waybill.domain.FileEvent Events} report what happened to it.
 * {@link io.waybill.domain.Lifecycle} is the one pure function that turns a state and an event into the next state and
 * its {@link io.waybill.domain.Effect effects}. Nothing here reads a clock, knows Kafka, S3 or SFTP, or does I/O. Every
 * type is immutable, and threads may share it.
 */
@NullMarked
package io.waybill.domain;

import org.jspecify.annotations.NullMarked;
