/** What this worker says about what it does now. A delivery neither waits for it nor fails because of it. */
@NullMarked
package io.waybill.worker.status;

import org.jspecify.annotations.NullMarked;
