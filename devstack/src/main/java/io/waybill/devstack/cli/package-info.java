/** The commands that start the stack, and their output. */
@NullMarked
package io.waybill.devstack.cli;

import org.jspecify.annotations.NullMarked;
