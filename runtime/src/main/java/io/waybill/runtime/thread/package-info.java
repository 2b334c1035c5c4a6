/** Threads beside those that run the services. */
@NullMarked
package io.waybill.runtime.thread;

import org.jspecify.annotations.NullMarked;
