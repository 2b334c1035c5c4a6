/**
 * The parts of a process. {@link io.waybill.launcher.process.ServiceProcess} runs chosen services of one configuration
 * with their HTTP endpoint. It reports its progress to a {@link io.waybill.launcher.process.StartListener} and prints
 * nothing.
 */
@NullMarked
package io.waybill.launcher.process;

import org.jspecify.annotations.NullMarked;
