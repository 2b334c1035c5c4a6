/**
 * A stand-in for a Kubernetes cluster: it runs rendered manifests on one machine. docs/decisions/033 lists what it leaves
 * out.
 */
@NullMarked
package io.waybill.testkit.kube;

import org.jspecify.annotations.NullMarked;
