/**
 * How a service runs: alone in a process, or with all others in one. A {@link io.waybill.runtime.service.Service} has
 * no statics, no process-wide hook and no fixed port, so that both are the same to it.
 */
@NullMarked
package io.waybill.runtime.service;

import org.jspecify.annotations.NullMarked;
