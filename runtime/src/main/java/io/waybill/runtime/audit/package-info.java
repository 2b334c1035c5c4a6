/** What the audit-service and the commands of the audit share: its settings, and the reading of its topic. */
@NullMarked
package io.waybill.runtime.audit;

import org.jspecify.annotations.NullMarked;
