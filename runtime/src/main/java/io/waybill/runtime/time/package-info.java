/** The only way by which time enters the product. */
@NullMarked
package io.waybill.runtime.time;

import org.jspecify.annotations.NullMarked;
