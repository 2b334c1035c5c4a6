/** The product where every line is encrypted, and each service has its own user in Kafka with no right too many. */
@NullMarked
package io.waybill.e2e.secured;

import org.jspecify.annotations.NullMarked;
