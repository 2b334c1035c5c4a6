/**
 * Reads the notifications of an object store in their dialects. Publishes one arrival for each file version and route.
 */
@NullMarked
package io.waybill.ingest;

import org.jspecify.annotations.NullMarked;
