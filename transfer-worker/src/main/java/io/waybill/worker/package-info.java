/**
 * Delivers files: consumes {@code transfer-work}, sends each object to its destination and reports what came of it.
 *
 * <p>An attempt goes through <em>stage</em> (upload under a staging name), <em>publish</em> (rename to the final name)
 * and <em>complete</em> (the event with its receipt, committed with the position in one transaction). What it needs of
 * the world it says in words of the product: {@link io.waybill.store.ObjectReader} for the store, and
 * {@link io.waybill.sftp.RemoteFiles} for the destination. No type of their libraries comes in here.
 */
@NullMarked
package io.waybill.worker;

import org.jspecify.annotations.NullMarked;
