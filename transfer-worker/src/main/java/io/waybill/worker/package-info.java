/**
 * Delivers files: consumes {@code transfer-work}, sends each object to its destination and reports the outcome.
 *
 * <p>This package starts a worker: it makes the Kafka clients and connects the parts. Each part has a package of its own
 * and depends only on packages below it: {@code delivery} uses {@code commit}, {@code upload}, {@code lanes}, {@code
 * partition} and {@code connections}; {@code commit} and {@code upload} use {@code partition}. All of them except {@code
 * lanes} use {@code metrics}.
 *
 * <p>The worker reaches the outside through ports in Waybill's own words: {@link io.waybill.store.ObjectReader} for the
 * store, and {@link io.waybill.sftp.RemoteFiles} for the destination. No type of their libraries appears here.
 */
@NullMarked
package io.waybill.worker;

import org.jspecify.annotations.NullMarked;
