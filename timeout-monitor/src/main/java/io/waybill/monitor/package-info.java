/**
 * Keeps the deadlines of open files in due order, reports those that pass, and writes dead letters for files that ended
 * badly.
 */
@NullMarked
package io.waybill.monitor;

import org.jspecify.annotations.NullMarked;
