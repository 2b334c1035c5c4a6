/** One life of a pod: sandboxes, volumes, environment and probes. */
@NullMarked
package io.waybill.testkit.kube.pod;

import org.jspecify.annotations.NullMarked;
