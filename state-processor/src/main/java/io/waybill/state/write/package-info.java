/** How requests become records: all records of a request are written together, or none of them. */
@NullMarked
package io.waybill.state.write;

import org.jspecify.annotations.NullMarked;
