/**
 * The ledger's view of the partitions of work, for the worker that takes one over and for the person who examines it.
 *
 * <p>{@link io.waybill.runtime.ledger.LedgerReading} reads partitions of {@code transfer-ledger} to their end. It
 * returns a {@link io.waybill.runtime.ledger.LedgerView} of each: where to continue, which work is begun and not over,
 * or why no worker may continue before a person has said where. For a worker it reads {@code delivery-index} beside the
 * ledger, into a {@link io.waybill.runtime.ledger.DeliveryIndex}: the memory of finished deliveries.
 * {@link io.waybill.runtime.ledger.ClusterFacts} gives the facts about the cluster that the records do not hold.
 */
@NullMarked
package io.waybill.runtime.ledger;

import org.jspecify.annotations.NullMarked;
