/** Where files come from besides the store's notifications. */
@NullMarked
package io.waybill.ingest.source;

import org.jspecify.annotations.NullMarked;
