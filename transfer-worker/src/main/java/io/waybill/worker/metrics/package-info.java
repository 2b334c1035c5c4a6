/**
 * What the worker counts and measures. Below every other room, so that each of them can report.
 */
@NullMarked
package io.waybill.worker.metrics;

import org.jspecify.annotations.NullMarked;
