package io.waybill.testkit;

import io.waybill.domain.DestinationName;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.UnknownOutcome;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configured destinations for the servers of the testkit. */
public final class Destinations {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration EVIDENCE_WINDOW = Duration.ofHours(12);

    private Destinations() {}

    public static DestinationConfig of(OpenSshServer server) {
        return withUserKey(server.port(), server.user(), server.userKey(), server.hostKey(), server.files());
    }

    public static DestinationConfig of(ProFtpdServer server) {
        return withUserKey(server.port(), server.user(), server.userKey(), server.hostKey(), server.files());
    }

    private static DestinationConfig withUserKey(int port, String user, Path userKey, String hostKey, Path files) {
        return new DestinationConfig(
                new DestinationName("acme"),
                "127.0.0.1",
                port,
                user,
                Optional.of(userKey),
                Optional.empty(),
                List.of(hostKey),
                files.toString(),
                4,
                8,
                false,
                Staging.DEFAULT,
                PATIENCE,
                PATIENCE,
                PATIENCE,
                StandardCharsets.UTF_8,
                UnknownOutcome.HOLD,
                EVIDENCE_WINDOW,
                Flow.DEFAULT);
    }

    public static DestinationConfig of(RogueSftpServer server) {
        return at(server, server.port(), PATIENCE);
    }

    /** The server by way of another port, and without much patience. */
    public static DestinationConfig at(RogueSftpServer server, int port, Duration stallTimeout) {
        return new DestinationConfig(
                new DestinationName("acme"),
                "127.0.0.1",
                port,
                RogueSftpServer.USER,
                Optional.empty(),
                Optional.of(Secret.of(RogueSftpServer.PASSWORD)),
                List.of(server.hostKey()),
                "/",
                4,
                8,
                false,
                Staging.DEFAULT,
                PATIENCE,
                stallTimeout,
                PATIENCE,
                StandardCharsets.UTF_8,
                UnknownOutcome.HOLD,
                EVIDENCE_WINDOW,
                Flow.DEFAULT);
    }

    /** The same, with another private key. */
    public static DestinationConfig withKey(DestinationConfig destination, Path privateKey) {
        var copy = new Copy(destination);
        copy.privateKey = Optional.of(privateKey);
        copy.password = Optional.empty();
        return copy.made();
    }

    /** The same, under another name. */
    public static DestinationConfig named(String name, DestinationConfig destination) {
        var copy = new Copy(destination);
        copy.name = new DestinationName(name);
        return copy.made();
    }

    /** The same, with another answer to what nobody knows. */
    public static DestinationConfig onUnknownOutcome(DestinationConfig destination, UnknownOutcome outcome) {
        var copy = new Copy(destination);
        copy.outcome = outcome;
        return copy.made();
    }

    /** The same, staging in another way. */
    public static DestinationConfig withStaging(DestinationConfig destination, Staging staging) {
        var copy = new Copy(destination);
        copy.staging = staging;
        return copy.made();
    }

    /** The same, with names written in another way. */
    public static DestinationConfig withCharset(DestinationConfig destination, Charset charset) {
        var copy = new Copy(destination);
        copy.charset = charset;
        return copy.made();
    }

    /** The same, with another directory above every path. */
    public static DestinationConfig withRoot(DestinationConfig destination, String root) {
        var copy = new Copy(destination);
        copy.root = root;
        return copy.made();
    }

    /** The same, by way of another port. */
    public static DestinationConfig withPort(DestinationConfig destination, int port) {
        var copy = new Copy(destination);
        copy.port = port;
        return copy.made();
    }

    /** The same, with other limits. */
    public static DestinationConfig withFlow(DestinationConfig destination, Flow flow) {
        var copy = new Copy(destination);
        copy.flow = flow;
        return copy.made();
    }

    /** A destination whose parts may be changed before it is made. */
    private static final class Copy {
        private final DestinationConfig original;
        private DestinationName name;
        private int port;
        private Optional<Path> privateKey;
        private Optional<Secret> password;
        private String root;
        private Staging staging;
        private Charset charset;
        private UnknownOutcome outcome;
        private Flow flow;

        Copy(DestinationConfig original) {
            this.original = original;
            this.name = original.name();
            this.port = original.port();
            this.privateKey = original.privateKeyFile();
            this.password = original.password();
            this.root = original.root();
            this.staging = original.staging();
            this.charset = original.charset();
            this.outcome = original.onUnknownOutcome();
            this.flow = original.flow();
        }

        DestinationConfig made() {
            return new DestinationConfig(
                    name,
                    original.host(),
                    port,
                    original.user(),
                    privateKey,
                    password,
                    original.hostKeys(),
                    root,
                    original.maxConnections(),
                    original.inFlight(),
                    original.fifo(),
                    staging,
                    original.connectTimeout(),
                    original.stallTimeout(),
                    original.idleTimeout(),
                    charset,
                    outcome,
                    original.evidenceWindow(),
                    flow,
                    original.foldNames(),
                    original.security(),
                    original.schedule());
        }
    }
}
