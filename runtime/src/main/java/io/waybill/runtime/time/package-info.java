/** The door through which time comes into the product. */
@NullMarked
package io.waybill.runtime.time;

import org.jspecify.annotations.NullMarked;
