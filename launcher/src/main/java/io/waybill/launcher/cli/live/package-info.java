/** The commands that show what is under way now. */
@NullMarked
package io.waybill.launcher.cli.live;

import org.jspecify.annotations.NullMarked;
