/**
 * A client of the state-processor's HTTP API, for the commands. Its requests and answers are the records of
 * {@code io.waybill.runtime.api}. A failure becomes one message for the user of a command.
 */
@NullMarked
package io.waybill.launcher.client;

import org.jspecify.annotations.NullMarked;
