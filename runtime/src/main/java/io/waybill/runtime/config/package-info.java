/**
 * One configuration for all services, read in three steps: a YAML file becomes {@link
 * io.waybill.runtime.config.Node nodes} that know their line, {@link io.waybill.runtime.config.SectionReader} reads typed
 * values from flags, environment and nodes in that order, and {@link io.waybill.runtime.config.WaybillConfig} is the result.
 * Every fault is collected in {@link io.waybill.runtime.config.Problems} and all are reported at once.
 *
 * <p>Which keys there are is data: {@link io.waybill.runtime.config.ConfigurationKeys}. The reader reads no others, and the
 * table of docs/configuration.md and docs/waybill.schema.json are made from it.
 */
@NullMarked
package io.waybill.runtime.config;

import org.jspecify.annotations.NullMarked;
