/**
 * The HTTP API of the state-processor, asked by commands. Its requests and answers are the records of {@code
 * io.waybill.runtime.api}; what goes wrong is one message for the user of a command.
 */
@NullMarked
package io.waybill.launcher.client;

import org.jspecify.annotations.NullMarked;
