/** The HTTP side of every process: health, readiness, metrics, and the routes that a service adds. */
@NullMarked
package io.waybill.runtime.http;

import org.jspecify.annotations.NullMarked;
