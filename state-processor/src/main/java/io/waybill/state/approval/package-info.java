/** Requests that wait for a second person. It knows no HTTP. */
@NullMarked
package io.waybill.state.approval;

import org.jspecify.annotations.NullMarked;
