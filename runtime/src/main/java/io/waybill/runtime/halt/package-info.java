/** Why files may not start now: pauses, windows and blackouts. */
@NullMarked
package io.waybill.runtime.halt;

import org.jspecify.annotations.NullMarked;
