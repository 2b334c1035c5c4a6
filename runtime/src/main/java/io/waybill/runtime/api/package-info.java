/**
 * The bodies of {@code /v1}, one record for each, as docs/openapi.yaml describes them. The server writes and the
 * command line reads the same types, so that a field has one name and one place.
 *
 * <p>A component that is {@code @Nullable} is left out of the JSON if it is null, unless the record says otherwise.
 * Instants and constants are texts: a reader must be able to show a status or a failure that a later version adds.
 */
@NullMarked
package io.waybill.runtime.api;

import org.jspecify.annotations.NullMarked;
