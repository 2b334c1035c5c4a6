/**
 * One configuration for all services, read in three steps. A YAML file becomes
 * {@link io.waybill.runtime.config.Node nodes} that know their line. {@link io.waybill.runtime.config.SectionReader}
 * reads typed values from flags, environment and nodes, in that order. {@link io.waybill.runtime.config.WaybillConfig}
 * is the result. {@link io.waybill.runtime.config.Problems} collects every fault, and all are reported at once.
 *
 * <p>The keys are data. {@link io.waybill.runtime.config.ConfigurationKeys} has those that several services read; an
 * {@link io.waybill.runtime.config.OwnSection} has those of one service. The reader reads no others. The table of
 * docs/configuration.md and docs/waybill.schema.json are made from them.
 */
@NullMarked
package io.waybill.runtime.config;

import org.jspecify.annotations.NullMarked;
