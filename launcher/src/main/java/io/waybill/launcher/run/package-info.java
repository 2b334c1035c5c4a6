/**
 * What a process is made of. {@link io.waybill.launcher.run.ServiceProcess} runs chosen services of one configuration
 * with their HTTP endpoint; {@link io.waybill.launcher.run.EmbeddedProcess} puts the embedded stack under all of them
 * and writes the configuration that leads there. Both tell their progress to a {@link
 * io.waybill.launcher.run.StartListener} and print nothing.
 */
@NullMarked
package io.waybill.launcher.run;

import org.jspecify.annotations.NullMarked;
