/** The bodies about files that are forgotten. */
@NullMarked
package io.waybill.runtime.api.forget;

import org.jspecify.annotations.NullMarked;
