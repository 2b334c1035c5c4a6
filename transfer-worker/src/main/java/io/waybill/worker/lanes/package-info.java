/**
 * How many files of a lane are under way at one time, and which of them goes next.
 *
 * <p>A lane is one of a destination's connections. What {@link LaneLimit} reads from the configuration, {@link
 * LaneScheduler} keeps. No type of this package knows a partition or a connection.
 */
@NullMarked
package io.waybill.worker.lanes;

import org.jspecify.annotations.NullMarked;
