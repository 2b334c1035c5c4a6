/**
 * What every command is given: the process's outputs and variables, the global options, the configuration that they name,
 * and how a command ends early. It knows no command.
 */
@NullMarked
package io.waybill.launcher.environment;

import org.jspecify.annotations.NullMarked;
