/** Topics and rights as resources that Strimzi's operators read. */
@NullMarked
package io.waybill.launcher.cli.strimzi;

import org.jspecify.annotations.NullMarked;
