/**
 * Takes transfer work from its partitions, stages each file at its destination, and publishes it exactly once.
 */
@NullMarked
package io.waybill.worker;

import org.jspecify.annotations.NullMarked;
