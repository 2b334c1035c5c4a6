/**
 * How many files of a lane are under way at one time, and which file is next.
 *
 * <p>A lane is one of a destination's connections. {@link LaneLimit} reads the limit from the configuration; {@link
 * LaneScheduler} enforces it. No type of this package knows a partition or a connection.
 */
@NullMarked
package io.waybill.worker.lanes;

import org.jspecify.annotations.NullMarked;
