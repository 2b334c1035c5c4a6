/**
 * Commits entries: events, ledger records and positions of many files in one transaction.
 *
 * <p>An entry is committed only under the group metadata that belong to the partitions it was made for. Nothing here
 * knows a destination.
 */
@NullMarked
package io.waybill.worker.commit;

import org.jspecify.annotations.NullMarked;
