/** Lets shells complete the command line. */
@NullMarked
package io.waybill.launcher.cli.completion;

import org.jspecify.annotations.NullMarked;
