/** The command line of the product: what is shipped. */
@NullMarked
package io.waybill.launcher;

import org.jspecify.annotations.NullMarked;
