/** The product on a cluster of brokers, and as its manifests run it. */
@NullMarked
package io.waybill.e2e.cluster;

import org.jspecify.annotations.NullMarked;
