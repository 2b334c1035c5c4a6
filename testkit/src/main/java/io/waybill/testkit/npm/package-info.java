/** Programs of {@code build-support/npm}: kubectl, and the types of Kubernetes. */
@NullMarked
package io.waybill.testkit.npm;

import org.jspecify.annotations.NullMarked;
