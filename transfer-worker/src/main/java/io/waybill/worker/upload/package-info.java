/**
 * Writes an object's bytes under a name that no reader looks at, from a given offset on, and confirms the size.
 *
 * <p>This package knows nothing about intents, final names, conflicts or the decision to resume an upload:
 * {@code delivery} handles those.
 */
@NullMarked
package io.waybill.worker.upload;

import org.jspecify.annotations.NullMarked;
