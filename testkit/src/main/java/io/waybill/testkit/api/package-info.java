/** Holds what an HTTP API says against the document that describes it. */
@NullMarked
package io.waybill.testkit.api;

import org.jspecify.annotations.NullMarked;
