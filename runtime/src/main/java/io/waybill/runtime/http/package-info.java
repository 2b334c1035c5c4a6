/** The HTTP side of every process: health, readiness, metrics, and what a service adds to them. */
@NullMarked
package io.waybill.runtime.http;

import org.jspecify.annotations.NullMarked;
