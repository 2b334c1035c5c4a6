/** Finds newer versions of an object at the place where an older one would be delivered once more. */
@NullMarked
package io.waybill.state.newer;

import org.jspecify.annotations.NullMarked;
