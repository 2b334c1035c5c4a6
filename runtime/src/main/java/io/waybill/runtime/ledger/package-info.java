/**
 * What the ledger says of the partitions of work, for the worker that takes one over and for the person who looks at it.
 *
 * <p>{@link io.waybill.runtime.ledger.LedgerReading} reads partitions of {@code transfer-ledger} to their end and
 * returns a {@link io.waybill.runtime.ledger.LedgerView} of each: where to go on, what is begun and not over, or why
 * nobody may go on before a person has said where. For a worker it reads {@code delivery-index} beside it, into a
 * {@link io.waybill.runtime.ledger.DeliveryIndex}: what is remembered of deliveries that are over. What must be asked of the cluster beside the records comes by
 * {@link io.waybill.runtime.ledger.ClusterFacts}.
 */
@NullMarked
package io.waybill.runtime.ledger;

import org.jspecify.annotations.NullMarked;
