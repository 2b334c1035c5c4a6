/**
 * The authoritative table of file states. {@link io.waybill.state.table.StateTopology} reads events, lets the domain's
 * rules decide, keeps state and history, and writes what other services must do.
 */
@NullMarked
package io.waybill.state.table;

import org.jspecify.annotations.NullMarked;
