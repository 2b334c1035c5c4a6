/** What the services may do in Kafka, as commands print and check it. */
@NullMarked
package io.waybill.launcher.cli.rights;

import org.jspecify.annotations.NullMarked;
