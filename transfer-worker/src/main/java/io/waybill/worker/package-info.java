/**
 * Delivers files: consumes {@code transfer-work}, sends each object to its destination and reports what came of it.
 *
 * <p>This package starts a worker: it makes the Kafka clients and joins the parts. The parts are in packages of their
 * own, of which each looks down only: {@code delivery} into {@code commit}, {@code upload}, {@code lanes}, {@code
 * partition} and {@code connections}; {@code commit} and {@code upload} into {@code partition}. All of them but {@code
 * lanes} look into {@code metrics}.
 *
 * <p>What the worker needs of the world it says in words of the product: {@link io.waybill.store.ObjectReader} for the
 * store, and {@link io.waybill.sftp.RemoteFiles} for the destination. No type of their libraries comes in here.
 */
@NullMarked
package io.waybill.worker;

import org.jspecify.annotations.NullMarked;
