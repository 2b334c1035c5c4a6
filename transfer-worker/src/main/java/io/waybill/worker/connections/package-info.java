/**
 * Connections of lanes to destinations, and the breaker that keeps files away from a destination that is down.
 *
 * <p>The pool is the worker's because lanes are: {@link io.waybill.sftp} knows one server, and not how many files may go
 * to it. No type of this package knows a partition or a file.
 */
@NullMarked
package io.waybill.worker.connections;

import org.jspecify.annotations.NullMarked;
