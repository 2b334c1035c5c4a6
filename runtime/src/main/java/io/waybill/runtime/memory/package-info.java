/** Memory, which many share and nobody may have all of. */
@NullMarked
package io.waybill.runtime.memory;

import org.jspecify.annotations.NullMarked;
