/**
 * The servers and the product's services in one process. {@link io.waybill.devstack.process.EmbeddedProcess} starts
 * both and writes the configuration that leads to them. It reports its progress to a listener and prints nothing.
 */
@NullMarked
package io.waybill.devstack.process;

import org.jspecify.annotations.NullMarked;
