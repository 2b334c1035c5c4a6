/** The commands that start the stack, and what they show. */
@NullMarked
package io.waybill.devstack.cli;

import org.jspecify.annotations.NullMarked;
