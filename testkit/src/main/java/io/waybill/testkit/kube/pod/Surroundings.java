package io.waybill.testkit.kube.pod;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.kube.manifest.Manifests;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What all pods share.
 *
 * @param directory   for their volumes, claims and logs
 * @param image       in which mount points may be made
 * @param manifests   as they are now
 * @param services    the variables of the Services
 * @param addressKeys the variables by which the program is told where to listen
 * @param launcher    starts processes, from a thread that lives as long as they may
 */
public record Surroundings(
        Path directory,
        Image image,
        Supplier<Manifests> manifests,
        Supplier<Map<String, String>> services,
        Iterable<String> addressKeys,
        Launcher launcher,
        ProcessClock clock) {}
