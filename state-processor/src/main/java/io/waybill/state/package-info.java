/**
 * The authoritative table of file states, the events that change it and the HTTP interface that shows it.
 */
@NullMarked
package io.waybill.state;

import org.jspecify.annotations.NullMarked;
