/**
 * One configuration for all services, read in three steps: a YAML file becomes {@link
 * io.waybill.runtime.config.Node nodes} that know their line, {@link io.waybill.runtime.config.Keys} reads typed values
 * from flags, environment and nodes in that order, and {@link io.waybill.runtime.config.WaybillConfig} is the result.
 * Every fault is collected in {@link io.waybill.runtime.config.Problems} and all are reported at once.
 */
@NullMarked
package io.waybill.runtime.config;

import org.jspecify.annotations.NullMarked;
