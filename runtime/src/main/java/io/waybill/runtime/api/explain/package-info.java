/** The bodies of {@code /v1} that explain what Waybill does, and why. They follow the rules of the package above. */
@NullMarked
package io.waybill.runtime.api.explain;

import org.jspecify.annotations.NullMarked;
