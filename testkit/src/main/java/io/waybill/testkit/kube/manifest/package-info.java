/** Rendered manifests, as {@code kubectl kustomize} prints them. */
@NullMarked
package io.waybill.testkit.kube.manifest;

import org.jspecify.annotations.NullMarked;
