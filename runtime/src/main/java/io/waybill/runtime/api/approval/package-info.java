/** What the HTTP API says of requests that wait for a second person. */
@NullMarked
package io.waybill.runtime.api.approval;

import org.jspecify.annotations.NullMarked;
