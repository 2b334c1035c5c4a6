/**
 * The state-processor. {@link io.waybill.state.table} decides about events and keeps the state of every file.
 * {@link io.waybill.state.index} finds files by group. {@link io.waybill.state.query} reads both.
 * {@link io.waybill.state.http} answers requests. {@link io.waybill.state.StateProcessor} runs all of it.
 */
@NullMarked
package io.waybill.state;

import org.jspecify.annotations.NullMarked;
