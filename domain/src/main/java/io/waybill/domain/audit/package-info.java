/** Who did what: entries, the chain that proves them, and the check of that chain. Pure Java, as the rest of the domain. */
@NullMarked
package io.waybill.domain.audit;

import org.jspecify.annotations.NullMarked;
