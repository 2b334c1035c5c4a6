package io.waybill.sftp;

import io.waybill.domain.DestinationName;
import io.waybill.domain.NameFolding;
import io.waybill.domain.schedule.Schedule;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.UnknownOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A server that behaves well once somebody is in. How it shakes hands is set up by each test. */
final class HandshakeServer implements AutoCloseable {
    static final String USER = "partner";
    static final String PASSWORD = "open sesame";

    final AtomicInteger connections = new AtomicInteger();
    private final SshServer server = SshServer.setUpDefaultServer();

    private HandshakeServer() {}

    static HandshakeServer start(Path files, List<KeyPair> hostKeys, Consumer<SshServer> setUp) throws IOException {
        var started = new HandshakeServer();
        SshServer server = started.server;
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
        server.setPasswordAuthenticator((user, password, _) -> user.equals(USER) && password.equals(PASSWORD));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(files));
        server.addSessionListener(new SessionListener() {
            @Override
            public void sessionCreated(Session session) {
                started.connections.incrementAndGet();
            }
        });
        setUp.accept(server);
        server.start();
        return started;
    }

    int port() {
        return server.getPort();
    }

    /** A destination with the password. */
    DestinationConfig destination(List<KeyPair> pinned, Security security) {
        return destination(
                pinned.stream().map(HandshakeServer::fingerprint).toList(), Optional.empty(), Optional.of(PASSWORD),
                security);
    }

    DestinationConfig destination(
            List<String> hostKeys, Optional<Path> key, Optional<String> password, Security security) {
        return at(port(), hostKeys, key, password, security, Duration.ofSeconds(30));
    }

    static DestinationConfig at(
            int port, List<String> hostKeys, Optional<Path> key, Optional<String> password, Security security,
            Duration patience) {
        return new DestinationConfig(
                new DestinationName("acme"),
                "127.0.0.1",
                port,
                USER,
                key,
                password.map(Secret::of),
                hostKeys,
                "/",
                4,
                8,
                false,
                Staging.DEFAULT,
                patience,
                patience,
                patience,
                StandardCharsets.UTF_8,
                UnknownOutcome.HOLD,
                Duration.ofHours(12),
                Flow.DEFAULT,
                NameFolding.NONE,
                security,
                Schedule.ALWAYS);
    }

    static KeyPair key(String type, int bits) {
        try {
            return KeyUtils.generateKeyPair(type, bits);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String fingerprint(KeyPair key) {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key.getPublic());
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
