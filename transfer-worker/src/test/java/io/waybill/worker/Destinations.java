package io.waybill.worker;

import io.waybill.domain.DestinationName;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.UnknownOutcome;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.ProFtpdServer;
import io.waybill.testkit.RogueSftpServer;
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
        return new DestinationConfig(
                new DestinationName("acme"),
                "127.0.0.1",
                server.port(),
                server.user(),
                Optional.of(server.userKey()),
                Optional.empty(),
                List.of(server.hostKey()),
                server.files().toString(),
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

    public static DestinationConfig of(ProFtpdServer server) {
        return new DestinationConfig(
                new DestinationName("acme"),
                "127.0.0.1",
                server.port(),
                server.user(),
                Optional.of(server.userKey()),
                Optional.empty(),
                List.of(server.hostKey()),
                server.files().toString(),
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
        return new DestinationConfig(
                destination.name(),
                destination.host(),
                destination.port(),
                destination.user(),
                Optional.of(privateKey),
                Optional.empty(),
                destination.hostKeys(),
                destination.root(),
                destination.maxConnections(),
                destination.inFlight(),
                destination.fifo(),
                destination.staging(),
                destination.connectTimeout(),
                destination.stallTimeout(),
                destination.idleTimeout(),
                destination.charset(),
                destination.onUnknownOutcome(),
                destination.evidenceWindow(),
                destination.flow());
    }

    /** The same, under another name. */
    public static DestinationConfig named(String name, DestinationConfig destination) {
        return with(destination, new DestinationName(name), destination.staging(), destination.charset(),
                destination.onUnknownOutcome());
    }

    /** The same, with another answer to what nobody knows. */
    static DestinationConfig onUnknownOutcome(DestinationConfig destination, UnknownOutcome outcome) {
        return with(destination, destination.name(), destination.staging(), destination.charset(), outcome);
    }

    /** The same, staging in another way. */
    static DestinationConfig withStaging(DestinationConfig destination, Staging staging) {
        return with(
                destination, destination.name(), staging, destination.charset(), destination.onUnknownOutcome());
    }

    /** The same, with names written in another way. */
    static DestinationConfig withCharset(DestinationConfig destination, Charset charset) {
        return with(
                destination, destination.name(), destination.staging(), charset, destination.onUnknownOutcome());
    }

    /** The same, with other limits. */
    public static DestinationConfig withFlow(DestinationConfig destination, Flow flow) {
        return new DestinationConfig(
                destination.name(),
                destination.host(),
                destination.port(),
                destination.user(),
                destination.privateKeyFile(),
                destination.password(),
                destination.hostKeys(),
                destination.root(),
                destination.maxConnections(),
                destination.inFlight(),
                destination.fifo(),
                destination.staging(),
                destination.connectTimeout(),
                destination.stallTimeout(),
                destination.idleTimeout(),
                destination.charset(),
                destination.onUnknownOutcome(),
                destination.evidenceWindow(),
                flow);
    }

    private static DestinationConfig with(
            DestinationConfig destination,
            DestinationName name,
            Staging staging,
            Charset charset,
            UnknownOutcome outcome) {
        return new DestinationConfig(
                name,
                destination.host(),
                destination.port(),
                destination.user(),
                destination.privateKeyFile(),
                destination.password(),
                destination.hostKeys(),
                destination.root(),
                destination.maxConnections(),
                destination.inFlight(),
                destination.fifo(),
                staging,
                destination.connectTimeout(),
                destination.stallTimeout(),
                destination.idleTimeout(),
                charset,
                outcome,
                destination.evidenceWindow(),
                destination.flow());
    }
}
