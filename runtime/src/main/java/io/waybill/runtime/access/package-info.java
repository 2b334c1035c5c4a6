/** Who may do what: roles, scopes, and the principals that have them. Knows nothing of how a principal is proven. */
@NullMarked
package io.waybill.runtime.access;

import org.jspecify.annotations.NullMarked;
