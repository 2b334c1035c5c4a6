package io.waybill.runtime.tls;

import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.TlsFiles;
import io.waybill.runtime.config.WaybillConfig.TlsSettings;
import io.waybill.runtime.pem.Authorities;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.pem.Identity;
import io.waybill.runtime.pem.PemFile;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes contexts of the present content of the files. */
public final class TlsContexts {
    private TlsContexts() {}

    /** All files of an endpoint. */
    public static List<Path> files(TlsFiles files) {
        return Stream.concat(Stream.of(files.certificate(), files.privateKey()), files.clientCa().stream()).toList();
    }

    /** All files that a client may need. */
    public static List<Path> files(TlsSettings settings) {
        return Stream.concat(settings.server().stream().flatMap(some -> files(some).stream()), settings.ca().stream())
                .toList();
    }

    /** @throws BadPemException if key and certificates are not good */
    public static Identity identity(TlsFiles files) throws BadPemException {
        return Identity.of(
                PemFile.read(files.certificate()).certificates(),
                PemFile.read(files.privateKey()).key(files.password().map(Secret::reveal)));
    }

    /**
     * The context of an endpoint.
     *
     * @throws BadPemException if the authorities of clients are not good
     */
    public static SSLContext server(TlsFiles files, Identity identity) throws BadPemException {
        return context(Optional.of(identity), files.clientCa());
    }

    /**
     * The context of who calls an instance. Where instances want certificates, the caller shows the one of its own endpoint.
     *
     * @throws BadPemException if a file is not good, or the certificate that is shown is not good now
     */
    public static SSLContext client(TlsSettings settings, Instant now) throws BadPemException {
        Optional<TlsFiles> shown = settings.server().filter(files -> files.clientCa().isPresent());
        return context(
                shown.isEmpty() ? Optional.empty() : Optional.of(identity(shown.get()).validAt(now)), settings.ca());
    }

    /**
     * The context of another client.
     *
     * @param shown   the certificate of the client; empty if it has none
     * @param trusted empty to trust whom the platform trusts
     * @throws BadPemException if a file is not good
     */
    public static SSLContext client(Optional<TlsFiles> shown, Optional<Path> trusted) throws BadPemException {
        return context(shown.isEmpty() ? Optional.empty() : Optional.of(identity(shown.get())), trusted);
    }

    private static SSLContext context(Optional<Identity> identity, Optional<Path> trusted) throws BadPemException {
        try {
            KeyManager @Nullable [] keys = identity.isEmpty() ? null : identity.get().keyManagers();
            TrustManager @Nullable [] trust =
                    trusted.isEmpty() ? null : Authorities.read(trusted.get()).trustManagers();
            var context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keys and certificates that were read cannot be used: " + e, e);
        }
    }
}
