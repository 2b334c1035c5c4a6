/** Settings that make Kafka's clients keep the product's promises. They override the operator's own settings. */
@NullMarked
package io.waybill.runtime.kafka;

import org.jspecify.annotations.NullMarked;
