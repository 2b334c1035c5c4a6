/** Settings that make Kafka's clients keep the product's promises, above whatever the operator passes through. */
@NullMarked
package io.waybill.runtime.kafka;

import org.jspecify.annotations.NullMarked;
