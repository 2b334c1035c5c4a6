/** Reads, from any thread, what the tasks of this instance keep: states, histories, pages of files and their counts. */
@NullMarked
package io.waybill.state.query;

import org.jspecify.annotations.NullMarked;
