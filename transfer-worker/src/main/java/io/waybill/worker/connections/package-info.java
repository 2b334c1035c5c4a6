/**
 * The connections of lanes to destinations, and the breaker that keeps files away from a destination that is down.
 *
 * <p>The pool belongs to the worker because lanes do: {@link io.waybill.sftp} knows one server, and does not know how many
 * files may go to it. No type of this package knows a partition or a file.
 */
@NullMarked
package io.waybill.worker.connections;

import org.jspecify.annotations.NullMarked;
