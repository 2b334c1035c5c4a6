/**
 * Which files are in which group, and how many. All of it can be made again from the table, so nothing here has a
 * changelog.
 */
@NullMarked
package io.waybill.state.index;

import org.jspecify.annotations.NullMarked;
