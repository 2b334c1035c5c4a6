/** The output of a command: lines, tables, bars and amounts, on a terminal, in a file or as JSON. */
@NullMarked
package io.waybill.launcher.terminal;

import org.jspecify.annotations.NullMarked;
