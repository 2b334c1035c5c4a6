package io.waybill.devstack.cli;

import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.service.ServiceRegistration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of the commands that start the embedded stack. */
final class EmbeddedOptions {
    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Kafka's port. Default: 9092. For all ports, 0 takes a free one.")
    private int kafka;

    @Option(names = "--s3-port", paramLabel = "PORT", defaultValue = "9000", description = "S3's port. Default: 9000")
    private int s3;

    @Option(names = "--sftp-port", paramLabel = "PORT", defaultValue = "2022",
            description = "SFTP's port. Default: 2022")
    private int sftp;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "The schema registry's port. Default: 8081")
    private int registry;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The HTTP API's port. Default: 8080")
    private int http;

    @Option(
            names = "--flush",
            description = "Kafka acknowledges a record once it is on disk: safe against power cuts, and several times slower.")
    private boolean flush;

    /**
     * @param userFile adds its routes and destinations
     * @param buckets  to be made even if their names seem to be mistyped
     * @param services the services that run beside the servers
     */
    EmbeddedProcess process(
            Context context, Optional<Path> userFile, Set<String> buckets, List<ServiceRegistration> services) {
        var settings = new EmbeddedProcess.Settings(
                context.data(), ports(), userFile, context.overrides(), flush, buckets, services);
        return new EmbeddedProcess(settings, context.environment().clock());
    }

    private EmbeddedPorts ports() {
        for (int port : new int[] {kafka, s3, sftp, registry, http}) {
            if (port < 0 || port > 65_535) {
                throw CommandException.usage("a port is a number from 0 to 65535, was " + port);
            }
        }
        return new EmbeddedPorts(kafka, s3, sftp, registry, http);
    }
}
