package io.waybill.runtime.tls;

import io.waybill.runtime.config.WaybillConfig.TlsSettings;
import io.waybill.runtime.pem.BadPemException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP client for calls to instances, which trusts and shows what the files of {@code http.tls} say now. It checks the
 * name of the other side. Safe for several threads.
 */
public final class CallingClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallingClient.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final TlsSettings settings;
    private final Duration connectLimit;
    private final InstantSource clock;
    private @Nullable FileContents contents;
    private @Nullable HttpClient client;
    private Instant looked = Instant.MIN;
    private boolean warned;

    public CallingClient(TlsSettings settings, Duration connectLimit, InstantSource clock) {
        this.settings = settings;
        this.connectLimit = connectLimit;
        this.clock = clock;
    }

    /** Reads the files while they are as the start has found them. Whoever reads them at the first call may find half of them. */
    public void prepare() {
        if (secured()) {
            try {
                var _ = get();
            } catch (BadPemException e) {
                LOG.atWarn()
                        .addKeyValue("fault", e.getMessage())
                        .log("The files of http.tls cannot be used to call other instances");
            }
        }
    }

    /**
     * The client of now. Requests of an earlier one go on.
     *
     * @throws BadPemException if the files are not good, and have not been before
     */
    public synchronized HttpClient get() throws BadPemException {
        HttpClient present = client;
        if (present != null && clock.instant().isBefore(looked.plus(LOOK_EVERY))) {
            return present;
        }
        looked = clock.instant();
        FileContents now = FileContents.of(TlsContexts.files(settings));
        if (present != null && now.equals(contents)) {
            return present;
        }
        try {
            HttpClient made = made();
            // The former one is not shut down: somebody may have asked for it and not used it yet. It ends when nobody has it.
            client = made;
            contents = now;
            warned = false;
            return made;
        } catch (BadPemException e) {
            if (present == null) {
                throw e;
            }
            if (!warned) {
                warned = true;
                LOG.atWarn()
                        .addKeyValue("fault", e.getMessage())
                        .log("The new files of http.tls cannot be used to call other instances; the former ones are");
            }
            return present;
        }
    }

    private HttpClient made() throws BadPemException {
        var builder = HttpClient.newBuilder().connectTimeout(connectLimit);
        if (secured()) {
            builder.sslContext(TlsContexts.client(settings, clock.instant()));
        }
        return builder.build();
    }

    private boolean secured() {
        return settings.server().isPresent() || settings.ca().isPresent();
    }

    @Override
    public synchronized void close() {
        HttpClient present = client;
        if (present != null) {
            present.shutdownNow();
        }
    }
}
