/**
 * Measures the product beside its peers and prints the conditions with every figure.
 */
@NullMarked
package io.waybill.benchmarks;

import org.jspecify.annotations.NullMarked;
