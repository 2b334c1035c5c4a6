/**
 * Which partitions this worker owns, and what the ledger of each says.
 *
 * <p>{@link PartitionProgress} is the one object that others ask whether a partition is still owned. What they want
 * written about it, they say as a {@link CommitEntry}. Nothing here sends a file or commits.
 */
@NullMarked
package io.waybill.worker.partition;

import org.jspecify.annotations.NullMarked;
