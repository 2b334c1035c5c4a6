/** How callers prove who they are. What they may do is for others to say. */
@NullMarked
package io.waybill.runtime.login;

import org.jspecify.annotations.NullMarked;
