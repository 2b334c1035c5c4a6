/**
 * The base of every service: topics paired with their serdes, configuration that reports all faults at once, the runner
 * that starts and stops a service, its health and its metrics.
 */
@NullMarked
package io.waybill.runtime;

import org.jspecify.annotations.NullMarked;
