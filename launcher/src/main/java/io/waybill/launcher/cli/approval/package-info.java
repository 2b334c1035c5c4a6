/** The commands about requests that wait for a second person. */
@NullMarked
package io.waybill.launcher.cli.approval;

import org.jspecify.annotations.NullMarked;
