/**
 * What a process is made of: {@link io.waybill.launcher.process.ServiceProcess} runs chosen services of one configuration
 * with their HTTP endpoint. It tells its progress to a {@link io.waybill.launcher.process.StartListener} and prints
 * nothing.
 */
@NullMarked
package io.waybill.launcher.process;

import org.jspecify.annotations.NullMarked;
