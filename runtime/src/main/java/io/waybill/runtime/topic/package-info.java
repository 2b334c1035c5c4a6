/**
 * The topics of the product: each with its serdes, all made from one configuration, created or checked by one command.
 */
@NullMarked
package io.waybill.runtime.topic;

import org.jspecify.annotations.NullMarked;
