/** The engine of the worker alone, as other transfer programs are run: a list of files in, delivered files out. */
@NullMarked
package io.waybill.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
