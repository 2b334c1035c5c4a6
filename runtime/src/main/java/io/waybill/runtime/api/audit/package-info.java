/** Bodies about the audit. */
@NullMarked
package io.waybill.runtime.api.audit;

import org.jspecify.annotations.NullMarked;
