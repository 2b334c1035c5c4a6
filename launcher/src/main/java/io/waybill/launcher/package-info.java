/** The command line of the product. This module is shipped. */
@NullMarked
package io.waybill.launcher;

import org.jspecify.annotations.NullMarked;
