package io.waybill.runtime.pem;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A private key and the certificates that say whose it is. They belong to each other, and each certificate is signed by the
 * next one.
 *
 * @param chain the certificate of the key first
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] SAMPLE = {1, 2, 3, 4, 5, 6, 7, 8};
    /** Of a key that leaves open how it signs. */
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    public Identity {
        chain = List.copyOf(chain);
    }

    /** @throws BadPemException if they do not belong to each other, or are in another order */
    public static Identity of(List<X509Certificate> chain, PrivateKey key) throws BadPemException {
        if (!fits(key, chain.getFirst().getPublicKey())) {
            for (int i = 1; i < chain.size(); i++) {
                if (fits(key, chain.get(i).getPublicKey())) {
                    throw new BadPemException("the certificate of the private key must come first, and is number "
                            + (i + 1));
                }
            }
            throw new BadPemException("the certificate " + name(chain.getFirst())
                    + " does not belong to the private key");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!signed(chain.get(i), chain.get(i + 1))) {
                throw new BadPemException("the certificates are not in order: number " + (i + 2) + ", "
                        + name(chain.get(i + 1)) + ", did not sign number " + (i + 1) + ", " + name(chain.get(i)));
            }
        }
        return new Identity(chain, key);
    }

    private static boolean fits(PrivateKey key, PublicKey certified) {
        try {
            var signature = Signature.getInstance(switch (key.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> key.getAlgorithm();
            });
            if (key instanceof RSAKey rsa && key.getAlgorithm().equals("RSASSA-PSS")) {
                signature.setParameter(rsa.getParams() == null ? PSS : rsa.getParams());
            }
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Among others, a public key of another algorithm.
            return false;
        }
    }

    private static boolean signed(X509Certificate certificate, X509Certificate by) {
        try {
            certificate.verify(by.getPublicKey());
            return certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String name(X509Certificate certificate) {
        return "'" + certificate.getSubjectX500Principal().getName() + "'";
    }

    /** Why it is not good at a time; empty if it is. */
    public Optional<String> outOfDate(Instant now) {
        for (X509Certificate certificate : chain) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant to = certificate.getNotAfter().toInstant();
            if (now.isAfter(to)) {
                return Optional.of("the certificate " + name(certificate) + " expired at " + to);
            }
            if (now.isBefore(from)) {
                return Optional.of("the certificate " + name(certificate) + " is not valid before " + from
                        + "; is the clock right?");
            }
        }
        return Optional.empty();
    }

    /**
     * The same, if it is good at a time.
     *
     * @throws BadPemException if it is not
     */
    public Identity validAt(Instant now) throws BadPemException {
        Optional<String> fault = outOfDate(now);
        if (fault.isPresent()) {
            throw new BadPemException(fault.get());
        }
        return this;
    }

    /** When the first of its certificates expires. */
    public Instant notAfter() {
        return chain.stream().map(one -> one.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    }

    /**
     * Whether who calls a host takes this for it.
     *
     * @param host a name or an address, without brackets and port
     */
    public boolean isOf(String host) {
        try {
            Collection<List<?>> names = chain.getFirst().getSubjectAlternativeNames();
            return names != null && names.stream().anyMatch(name -> names(name, host.toLowerCase(Locale.ROOT)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean names(List<?> name, String host) {
        String text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
        return switch (name.get(0)) {
            case Integer type when type == IP_ADDRESS -> isAddress(host) && sameAddress(text, host);
            case Integer type when type == DNS_NAME ->
                text.equals(host)
                        || text.startsWith("*.") && host.indexOf('.') > 0
                                && host.substring(host.indexOf('.')).equals(text.substring(1));
            default -> false;
        };
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    private static boolean sameAddress(String one, String other) {
        try {
            return InetAddress.getByName(one).equals(InetAddress.getByName(other));
        } catch (IOException e) {
            return false;
        }
    }

    /** For a TLS context. */
    public KeyManager[] keyManagers() throws GeneralSecurityException {
        // Only this process reads the store, and only from memory.
        char[] password = {};
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("waybill", key, password, chain.toArray(X509Certificate[]::new));
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return factory.getKeyManagers();
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
