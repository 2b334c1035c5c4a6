package io.waybill.runtime.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.pem.Identity;
import io.waybill.runtime.tls.FileContents;
import io.waybill.runtime.tls.TlsContexts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the endpoint. It reads its files again when their content changes. New connections then get the new certificate, and
 * those that exist go on. Files that are not good change nothing.
 */
final class ServerTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final long LOOK_EVERY_SECONDS = 5;
    private static final String RELOADS = "waybill.http.tls.reloads";
    private static final String RESULT = "result";

    /** Each has forward secrecy, and encrypts and authenticates in one step. */
    private static final String[] SUITES = {
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    };

    private final TlsFiles files;
    private final Optional<String> advertised;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("certificates").factory());
    /** Whether the certificate in use is for the name at which others call. */
    private boolean named;
    private volatile Instant notAfter = Instant.EPOCH;
    private FileContents used = new FileContents("");
    /** What was not good at the last look, or was not used for a reason that an operator knows. */
    private @Nullable FileContents refused;
    private boolean warned;

    /** @param advertised the host at which other instances call */
    ServerTls(TlsFiles files, Optional<String> advertised, MeterRegistry meters, InstantSource clock) {
        this.files = files;
        this.advertised = advertised;
        this.meters = meters;
        this.clock = clock;
        Gauge.builder("waybill.http.tls.not.after.seconds", () -> notAfter.getEpochSecond()).register(meters);
        meters.counter(RELOADS, RESULT, "done");
        meters.counter(RELOADS, RESULT, "failed");
    }

    /**
     * Speaks TLS, and then the other protocol.
     *
     * @throws BadConfigurationException if the files are not good any more
     */
    SslConnectionFactory before(String protocol) {
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setExcludeCipherSuites();
        factory.setIncludeCipherSuites(SUITES);
        factory.setRenegotiationAllowed(false);
        // Who has none gets an answer that says so; see RequestGuard.
        factory.setWantClientAuth(files.clientCa().isPresent());
        used = FileContents.of(TlsContexts.files(files));
        try {
            Identity identity = TlsContexts.identity(files);
            factory.setSslContext(TlsContexts.server(files, identity));
            uses(identity);
        } catch (BadPemException e) {
            throw new BadConfigurationException(List.of("http.tls: " + e.getMessage()));
        }
        return new SslConnectionFactory(factory, protocol);
    }

    /** From now on changes of the files take effect. */
    void watch() {
        var _ = ticker.scheduleWithFixedDelay(
                this::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** One look at the files. */
    void look() {
        try {
            FileContents now = FileContents.of(TlsContexts.files(files));
            if (now.equals(used)) {
                refused = null;
            } else {
                take(now);
            }
        } catch (Exception e) {
            // Without this the watch would end at its first failure, and nobody would know.
            LOG.atWarn().setCause(e).log("The watch over the certificate failed");
        }
    }

    private void take(FileContents now) throws Exception {
        Optional<String> fault = taken(now);
        if (fault.isEmpty()) {
            refused = null;
            warned = false;
        } else if (!now.equals(refused)) {
            // Somebody may be writing: first the certificate, and the key a moment later.
            refused = now;
            warned = false;
        } else if (!warned) {
            warned = true;
            meters.counter(RELOADS, RESULT, "failed").increment();
            LOG.atWarn()
                    .addKeyValue("fault", fault.get())
                    .addKeyValue("notAfter", notAfter)
                    .log("The new files of http.tls are not good; the endpoint keeps the former certificate");
        }
    }

    /** Why the files cannot be used; empty if they are used now. */
    private Optional<String> taken(FileContents now) throws Exception {
        try {
            Identity identity = TlsContexts.identity(files);
            Optional<String> fault = fault(identity);
            if (fault.isPresent()) {
                return fault;
            }
            SSLContext context = TlsContexts.server(files, identity);
            factory.reload(reloaded -> reloaded.setSslContext(context));
            used = now;
            uses(identity);
            meters.counter(RELOADS, RESULT, "done").increment();
            LOG.atInfo().addKeyValue("notAfter", notAfter).log("The endpoint has a new certificate");
            return Optional.empty();
        } catch (BadPemException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whoever could call must not be shut out by a certificate of another machine. */
    private Optional<String> fault(Identity identity) {
        Optional<String> outOfDate = identity.outOfDate(clock.instant());
        return outOfDate.isEmpty() && named && !named(identity)
                ? Optional.of("the certificate is not for '" + advertised.orElseThrow()
                        + "', which http.advertised says, and the former one is")
                : outOfDate;
    }

    private boolean named(Identity identity) {
        return advertised.filter(identity::isOf).isPresent();
    }

    private void uses(Identity identity) {
        named = named(identity);
        notAfter = identity.notAfter();
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
