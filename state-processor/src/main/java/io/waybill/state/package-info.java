/**
 * The state-processor: {@link io.waybill.state.table} holds the authoritative table of file states and the events that
 * change it, {@link io.waybill.state.http} shows it and takes requests, and {@link io.waybill.state.StateProcessor} runs
 * both.
 */
@NullMarked
package io.waybill.state;

import org.jspecify.annotations.NullMarked;
