/**
 * Which partitions this worker owns, and what the ledger of each contains.
 *
 * <p>{@link PartitionProgress} is the one object that other classes ask whether this worker still owns a partition. They
 * request changes of the ledger with a {@link CommitEntry}. Nothing here sends a file or commits.
 */
@NullMarked
package io.waybill.worker.partition;

import org.jspecify.annotations.NullMarked;
