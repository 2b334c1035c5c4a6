/** Answers what is under way now, and what was lately. */
@NullMarked
package io.waybill.state.live;

import org.jspecify.annotations.NullMarked;
