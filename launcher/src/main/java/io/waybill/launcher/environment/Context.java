package io.waybill.launcher.environment;

import io.waybill.domain.Texts;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.config.WaybillConfig.TlsSettings;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.time.Durations;
import io.waybill.runtime.tls.TlsContexts;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What every command gets. A command may read the options only after the command line is parsed. */
public record Context(ProcessEnvironment environment, GlobalOptions options) {
    private static final String VARIABLE = "WAYBILL_CONFIG";
    private static final String FILE = "waybill.yaml";
    private static final String API_VARIABLE = "WAYBILL_API";
    private static final String TOKEN_VARIABLE = "WAYBILL_TOKEN";
    private static final String CA_VARIABLE = "WAYBILL_CA";
    private static final String CLIENT_CERTIFICATE_VARIABLE = "WAYBILL_CLIENT_CERTIFICATE";
    private static final String CLIENT_KEY_VARIABLE = "WAYBILL_CLIENT_KEY";

    /** The terminal to which the command prints. */
    public Terminal terminal() {
        boolean live = options.json ? environment.errIsTerminal() : environment.outIsTerminal();
        // As no-color.org says: any value except an empty one.
        boolean unwanted = !environment.variables().getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = "dumb".equals(environment.variables().get("TERM"));
        boolean coloured = live && !options.noColor && !unwanted && !dumb;
        return new Terminal(
                environment.out(), environment.err(), options.json, live, coloured, environment.columns());
    }

    /** The directory in which the embedded stack keeps its state; absolute. */
    public Path data() {
        return environment.directory().resolve(options.data).toAbsolutePath().normalize();
    }

    /** The configuration for a command that talks to a running system. */
    public WaybillConfig configuration() {
        return WaybillConfig.load(configurationFile(), overrides(), Services.sections());
    }

    /** The address of the HTTP API. Reads the configuration, with its secrets, only if nobody gives the address. */
    public URI api() {
        String variable = environment.variables().getOrDefault(API_VARIABLE, "");
        if (options.api == null && variable.isEmpty()) {
            return address(configuration().http());
        }
        String given = options.api == null ? variable : options.api;
        try {
            var address = new URI(given.endsWith("/") ? given.substring(0, given.length() - 1) : given);
            if (address.getHost() != null && Set.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (URISyntaxException e) {
            // As any other text that is no address.
        }
        throw CommandException.usage((options.api == null ? "$" + API_VARIABLE : "--api")
                + ": expected an address such as http://127.0.0.1:8080, was '" + Texts.masked(given) + "'");
    }

    /**
     * The token for the HTTP API; empty if there is none. That of the configuration goes only to the address of the same
     * configuration.
     */
    public Optional<Secret> token() {
        String variable = environment.variables().getOrDefault(TOKEN_VARIABLE, "");
        String given = options.token == null ? variable : options.token;
        if (!given.isEmpty()) {
            return Optional.of(secret(options.token == null ? "$" + TOKEN_VARIABLE : "--token", given));
        }
        boolean elsewhere = options.api != null || !environment.variables().getOrDefault(API_VARIABLE, "").isEmpty();
        return elsewhere ? Optional.empty() : configuration().token().map(text -> secret("token", text));
    }

    /** With what the HTTP API is called, as far as it speaks TLS. */
    public SSLContext tls() {
        boolean elsewhere = options.api != null || !environment.variables().getOrDefault(API_VARIABLE, "").isEmpty();
        TlsSettings configured = elsewhere ? TlsSettings.NONE : configuration().http().tls();
        Optional<Path> certificate = file(options.clientCertificate, CLIENT_CERTIFICATE_VARIABLE);
        Optional<Path> key = file(options.clientKey, CLIENT_KEY_VARIABLE);
        if (certificate.isPresent() != key.isPresent()) {
            throw CommandException.usage("--client-certificate and --client-key belong together");
        }
        Optional<TlsFiles> shown = certificate
                .map(some -> new TlsFiles(some, key.orElseThrow(), Optional.empty(), Optional.empty()))
                .or(() -> configured.server().filter(files -> files.clientCa().isPresent()));
        try {
            return TlsContexts.client(shown, file(options.ca, CA_VARIABLE).or(configured::ca));
        } catch (BadPemException e) {
            throw CommandException.usage("TLS: " + e.getMessage());
        }
    }

    private Optional<Path> file(@Nullable Path option, String variable) {
        String given = environment.variables().getOrDefault(variable, "");
        return Optional.ofNullable(option)
                .or(() -> given.isEmpty() ? Optional.empty() : Optional.of(Path.of(given)))
                .map(environment.directory()::resolve);
    }

    private Secret secret(String place, String text) {
        try {
            return Secret.given(text, environment.variables());
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(place + ": " + e.getMessage());
        }
    }

    /** The address at which this machine reaches its own endpoint; with TLS, at the name that its certificate has. */
    public static URI address(HttpSettings http) {
        if (http.tls().server().isPresent() && http.advertised().isPresent()) {
            String advertised = http.advertised().get();
            boolean withPort = advertised.lastIndexOf(':') > advertised.lastIndexOf(']');
            return URI.create("https://" + advertised + (withPort ? "" : ":" + http.port()));
        }
        // A server binds to these to mean "every address". A client needs one of these addresses.
        String host = switch (http.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> http.host().indexOf(':') >= 0 ? "[" + http.host() + "]" : http.host();
        };
        return URI.create(http.scheme() + "://" + host + ":" + http.port());
    }

    /** The values of flags and environment, which take precedence over the file. */
    public Overrides overrides() {
        return new Overrides(Map.copyOf(options.settings), environment.variables());
    }

    /** The file that {@link #configuration()} reads. */
    public Path configurationFile() {
        return userFile().orElseGet(this::embeddedFile);
    }

    /** The file of the user: {@code --config}, the variable's, or the one in this directory; empty if there is none. */
    public Optional<Path> userFile() {
        if (options.config != null) {
            return Optional.of(environment.directory().resolve(options.config));
        }
        String variable = environment.variables().getOrDefault(VARIABLE, "");
        if (!variable.isEmpty()) {
            return Optional.of(environment.directory().resolve(variable));
        }
        return Optional.of(environment.directory().resolve(FILE)).filter(Files::exists);
    }

    private Path embeddedFile() {
        Path embedded = data().resolve(FILE);
        if (Files.exists(embedded)) {
            return embedded;
        }
        throw CommandException.usage("there is no configuration: no --config, no $" + VARIABLE
                + ", no waybill.yaml here, and no embedded stack in " + data()
                + ". Give --config FILE, or start the embedded stack with './waybill up'");
    }

    /**
     * The instant of an option: ISO 8601, a day, {@code today}, {@code yesterday}, or an age such as {@code 2h}. Days are
     * those of this machine.
     */
    public Instant instant(String option, String text) {
        return new Times(environment.clock().instant(), ZoneId.systemDefault()).read(option, text);
    }

    /** The duration of an option, written as in the configuration. */
    public static Duration duration(String option, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(option + ": " + e.getMessage());
        }
    }
}
