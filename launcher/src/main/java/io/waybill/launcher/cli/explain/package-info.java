/** The commands that explain what Waybill does, and why. They change nothing. */
@NullMarked
package io.waybill.launcher.cli.explain;

import org.jspecify.annotations.NullMarked;
