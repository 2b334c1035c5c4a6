/** Memory that many users share, and no user may have all of. */
@NullMarked
package io.waybill.runtime.memory;

import org.jspecify.annotations.NullMarked;
