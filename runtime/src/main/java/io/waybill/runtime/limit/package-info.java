/** What many share and nobody may have all of. */
@NullMarked
package io.waybill.runtime.limit;

import org.jspecify.annotations.NullMarked;
