/**
 * Writes an object's bytes under a name that no reader looks at, resumes an upload that broke off, and confirms the size.
 *
 * <p>This package knows nothing about intents, final names or conflicts: deliveries handle those.
 */
@NullMarked
package io.waybill.worker.upload;

import org.jspecify.annotations.NullMarked;
