/**
 * Objects about which the store has not said enough: where they wait, when they are asked about again, and whether the
 * object or its bucket is at fault.
 */
@NullMarked
package io.waybill.ingest.parked;

import org.jspecify.annotations.NullMarked;
