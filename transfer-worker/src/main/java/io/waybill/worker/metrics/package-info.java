/** What the worker counts and measures. All other packages except the lanes use it, so it uses none of them. */
@NullMarked
package io.waybill.worker.metrics;

import org.jspecify.annotations.NullMarked;
