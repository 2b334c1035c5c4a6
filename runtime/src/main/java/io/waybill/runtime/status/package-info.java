/** What workers say about what they do now, as this process has read it. */
@NullMarked
package io.waybill.runtime.status;

import org.jspecify.annotations.NullMarked;
