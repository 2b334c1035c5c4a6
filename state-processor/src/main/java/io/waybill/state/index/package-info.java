/**
 * Records which files are in which group, and how many. The task can rebuild all of it from the table, so nothing here
 * has a changelog.
 */
@NullMarked
package io.waybill.state.index;

import org.jspecify.annotations.NullMarked;
