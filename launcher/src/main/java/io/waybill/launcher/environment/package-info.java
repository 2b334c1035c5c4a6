/**
 * What every command gets: the outputs and variables of the process, the global options, the configuration that they
 * name, and a way to end early. This package knows no command.
 */
@NullMarked
package io.waybill.launcher.environment;

import org.jspecify.annotations.NullMarked;
