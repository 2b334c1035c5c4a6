/** Queues into which a store puts its notifications. */
@NullMarked
package io.waybill.store.queue;

import org.jspecify.annotations.NullMarked;
