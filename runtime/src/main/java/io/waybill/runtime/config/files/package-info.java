/** The files of a configuration: where they are, and whether they have changed. What they say is read elsewhere. */
@NullMarked
package io.waybill.runtime.config.files;

import org.jspecify.annotations.NullMarked;
