/**
 * The commands of {@code ./waybill}. Each command is one class. It declares its options, does one thing with the help
 * of the packages beside this one, and returns an exit code. {@link io.waybill.launcher.cli.CommandLineInterface} puts
 * the commands together and turns each fault into one clear message. A command prints through
 * {@link io.waybill.launcher.terminal.Terminal}: results go to standard output. With {@code --json} everything else
 * goes to standard error, so that a program can read the results alone. The options that every command has are
 * {@link io.waybill.launcher.environment.GlobalOptions}.
 */
@NullMarked
package io.waybill.launcher.cli;

import org.jspecify.annotations.NullMarked;
