/**
 * The authoritative table of file states. {@link io.waybill.state.table.StateTopology} reads events, has the domain's
 * rules decide, keeps state and history, and tells the others; {@link io.waybill.state.table.StoreQueries} reads what it
 * keeps from any thread.
 */
@NullMarked
package io.waybill.state.table;

import org.jspecify.annotations.NullMarked;
