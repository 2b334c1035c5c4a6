/** The audit-service: chains the entries of the audit, and signs the chains. */
@NullMarked
package io.waybill.audit;

import org.jspecify.annotations.NullMarked;
