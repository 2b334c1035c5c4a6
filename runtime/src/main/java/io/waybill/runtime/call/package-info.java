/** Calls of other HTTP servers, by whatever client. */
@NullMarked
package io.waybill.runtime.call;

import org.jspecify.annotations.NullMarked;
