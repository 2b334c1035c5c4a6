package io.waybill.launcher.environment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every command. The user gives them before or after the name of the command. */
public final class GlobalOptions {
    @Nullable
    @Option(
            names = "--config",
            paramLabel = "FILE|DIR",
            scope = ScopeType.INHERIT,
            description = "The configuration file, or a directory whose *.yaml files are read as one. Default: $WAYBILL_CONFIG; otherwise ./waybill.yaml if it exists;"
                    + " otherwise the file of the embedded stack in the --data directory.")
    public Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "Sets one key of the configuration. It overrides file and environment. Can be repeated.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "data",
            description = "The directory where the embedded stack keeps its state. Default: ./data")
    public Path data = Path.of("data");

    @Nullable
    @Option(
            names = "--api",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The address of the HTTP API, for the commands that only ask it. They then need no"
                    + " configuration. Default: $WAYBILL_API; otherwise http.host and http.port of the configuration.")
    String api;

    @Nullable
    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            scope = ScopeType.INHERIT,
            description = "The token for the HTTP API: file:PATH, env:NAME, or the token itself, which other users of this"
                    + " machine can then see. Default: $WAYBILL_TOKEN; otherwise 'token' of the configuration that also"
                    + " gives the address.")
    String token;

    @Nullable
    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A PEM file with the authorities to trust at the HTTP API. Default: $WAYBILL_CA; otherwise"
                    + " http.tls.ca of the configuration that also gives the address; otherwise those that Java trusts.")
    Path ca;

    @Nullable
    @Option(
            names = "--client-certificate",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A PEM file with the certificate to show to the HTTP API, if it wants one. Default:"
                    + " $WAYBILL_CLIENT_CERTIFICATE; otherwise http.tls.certificate of the configuration that also gives"
                    + " the address.")
    Path clientCertificate;

    @Nullable
    @Option(
            names = "--client-key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The private key of that certificate, in PKCS#8. Default: $WAYBILL_CLIENT_KEY.")
    Path clientKey;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Prints results as JSON to standard output, and everything else to standard error.")
    public boolean json;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "Prints no colours. NO_COLOR in the environment, or output to a file, does the same.")
    public boolean noColor;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Shows stack traces and more logs.")
    public boolean debug;
}
