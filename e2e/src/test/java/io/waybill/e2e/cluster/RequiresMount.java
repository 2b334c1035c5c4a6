package io.waybill.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** The test mounts a small file system, which only root may; others skip it by name. */
@EnabledIf(value = "io.waybill.e2e.cluster.SmallDisk#mayMount", disabledReason = "only root may mount a small disk")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface RequiresMount {}
