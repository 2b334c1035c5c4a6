/**
 * What good partners notice of bad ones: the latency of their files, with and without trouble at other partners and
 * buckets, measured in turn in one run of the whole product.
 */
@NullMarked
package io.waybill.benchmarks.isolation;

import org.jspecify.annotations.NullMarked;
