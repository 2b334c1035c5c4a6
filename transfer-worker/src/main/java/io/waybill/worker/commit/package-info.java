/**
 * Commits entries: events, ledger records and positions of many files in one transaction.
 *
 * <p>The committer commits an entry only with the group metadata that belong to the partition of that entry. Nothing here
 * knows a destination.
 */
@NullMarked
package io.waybill.worker.commit;

import org.jspecify.annotations.NullMarked;
