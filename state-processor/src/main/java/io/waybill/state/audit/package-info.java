/** Who asked the API for what, with which outcome: the entries of the audit, and the reading of it. */
@NullMarked
package io.waybill.state.audit;

import org.jspecify.annotations.NullMarked;
