/**
 * The commands of {@code ./waybill}. Each command is one class that says what it takes, does its one thing by the
 * packages beside this one, and returns an exit code; {@link io.waybill.launcher.cli.CommandLineInterface} puts them
 * together and turns faults into one clear message each. What a command prints goes through {@link
 * io.waybill.launcher.terminal.Terminal}: results to standard output, everything else to standard error where {@code --json}
 * is given, so that a program can read the one without the other.
 */
@NullMarked
package io.waybill.launcher.cli;

import org.jspecify.annotations.NullMarked;
