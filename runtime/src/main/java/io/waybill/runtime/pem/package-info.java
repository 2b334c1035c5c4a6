/** Keys and certificates in PEM files: read, and checked for what would otherwise fail at the first connection. */
@NullMarked
package io.waybill.runtime.pem;

import org.jspecify.annotations.NullMarked;
