/**
 * Writes an object's bytes under a name that no reader looks at, resumes an upload that broke off, and confirms the size.
 *
 * <p>Knows nothing of intents, final names or conflicts: those are the business of deliveries.
 */
@NullMarked
package io.waybill.worker.upload;

import org.jspecify.annotations.NullMarked;
