/** What KEDA measures, and what the autoscaler makes of it. */
@NullMarked
package io.waybill.testkit.kube.scale;

import org.jspecify.annotations.NullMarked;
