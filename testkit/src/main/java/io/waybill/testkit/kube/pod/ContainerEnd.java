package io.waybill.testkit.kube.pod;

import java.time.Duration;

/**
 * How a process of a pod ended.
 *
 * @param asked  whether the pod was being deleted
 * @param killed whether it had to be killed, because it did not end within its grace period
 * @param took   from SIGTERM to the end; zero if it was not asked
 */
public record ContainerEnd(String pod, int exitCode, boolean asked, boolean killed, Duration took) {}
