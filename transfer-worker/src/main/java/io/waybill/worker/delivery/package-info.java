/**
 * Brings a file from its record to its final name, and reports the outcome.
 *
 * <p>An attempt has three steps: <em>stage</em> (resume or begin an upload under a staging name), <em>publish</em> (rename
 * to the final name) and <em>complete</em> (the event with its receipt, committed with the position in one transaction).
 */
@NullMarked
package io.waybill.worker.delivery;

import org.jspecify.annotations.NullMarked;
