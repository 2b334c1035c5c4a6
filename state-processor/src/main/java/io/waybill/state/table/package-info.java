/**
 * The authoritative table of file states. {@link io.waybill.state.table.StateTopology} reads events, has the domain's
 * rules decide, keeps state and history, and writes what others are to do.
 */
@NullMarked
package io.waybill.state.table;

import org.jspecify.annotations.NullMarked;
