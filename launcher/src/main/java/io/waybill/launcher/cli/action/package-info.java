/** Commands that change what happens to files. */
@NullMarked
package io.waybill.launcher.cli.action;

import org.jspecify.annotations.NullMarked;
