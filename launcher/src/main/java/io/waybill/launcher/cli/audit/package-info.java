/** The commands of the audit: who did what, whether it is proven, and the evidence about a file. */
@NullMarked
package io.waybill.launcher.cli.audit;

import org.jspecify.annotations.NullMarked;
