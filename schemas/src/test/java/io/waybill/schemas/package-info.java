/**
 * Holds today's Avro contracts against every version kept before: by their schemas, and by bytes that were written then.
 */
@NullMarked
package io.waybill.schemas;

import org.jspecify.annotations.NullMarked;
