/** What the worker counts and measures. Stands below its other packages, so that each of them can count. */
@NullMarked
package io.waybill.worker.metrics;

import org.jspecify.annotations.NullMarked;
