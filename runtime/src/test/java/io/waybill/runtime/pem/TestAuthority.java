package io.waybill.runtime.pem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * Issues certificates in memory, for tests: the platform reads them and writes none. Each call makes a new key. The few parts
 * of DER (X.690) that a certificate (RFC 5280) needs are here.
 */
public final class TestAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = sequence(tagged(0x06, hex("2a8648ce3d040302")));
    private static final byte[] BASIC_CONSTRAINTS = tagged(0x06, hex("551d13"));
    private static final byte[] ALTERNATIVE_NAMES = tagged(0x06, hex("551d11"));
    private static final byte[] TRUE = tagged(0x01, new byte[] {(byte) 0xff});
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2120-01-01T00:00:00Z");

    private final String name;
    private final KeyPair keys = newKeys();
    private final byte[] certificate;
    private final String above;

    /** One that signs itself. */
    public TestAuthority(String name) {
        this.name = name;
        this.certificate = signed(name, name, keys, keys.getPrivate(), FROM, TO, sequence(
                BASIC_CONSTRAINTS, TRUE, tagged(0x04, sequence(TRUE))));
        this.above = "";
    }

    private TestAuthority(String name, TestAuthority by) {
        this.name = name;
        this.certificate = signed(name, by.name, keys, by.keys.getPrivate(), FROM, TO, sequence(
                BASIC_CONSTRAINTS, TRUE, tagged(0x04, sequence(TRUE))));
        this.above = by.pem();
    }

    /** One that this authority signed. */
    public TestAuthority below(String below) {
        return new TestAuthority(below, this);
    }

    /**
     * A certificate and its key.
     *
     * @param chain as in a file: its own, and then that of the authority if another one signed it
     */
    public record Issued(String chain, String key) {
        /** Writes both to {@code NAME.pem} and {@code NAME.key}. */
        public Issued writeTo(Path directory, String name) {
            try {
                Files.writeString(directory.resolve(name + ".pem"), chain);
                Files.writeString(directory.resolve(name + ".key"), key);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** For a host on this machine. */
    public Issued issue(String subject) {
        return issue(subject, FROM, TO);
    }

    public Issued issue(String subject, Instant from, Instant to) {
        return issue(
                subject,
                from,
                to,
                sequence(
                        tagged(0x82, ascii("localhost")),
                        tagged(0x82, ascii("*.waybill.example")),
                        tagged(0x87, new byte[] {127, 0, 0, 1}),
                        tagged(0x87, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})));
    }

    /** For a host elsewhere. */
    public Issued issueFor(String host) {
        return issue(host, FROM, TO, sequence(tagged(0x82, ascii(host))));
    }

    /** For a key of another kind. */
    public Issued issueFor(String host, KeyPair pair) {
        return issue(host, FROM, TO, sequence(tagged(0x82, ascii(host))), pair);
    }

    private Issued issue(String subject, Instant from, Instant to, byte[] names) {
        return issue(subject, from, to, names, newKeys());
    }

    private Issued issue(String subject, Instant from, Instant to, byte[] names, KeyPair pair) {
        byte[] issued = signed(
                subject, name, pair, keys.getPrivate(), from, to, sequence(ALTERNATIVE_NAMES, tagged(0x04, names)));
        return new Issued(
                pem("CERTIFICATE", issued) + (above.isEmpty() ? "" : pem()),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The certificate of the authority itself. */
    public String pem() {
        return pem("CERTIFICATE", certificate);
    }

    public static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] signed(
            String subject, String issuer, KeyPair pair, PrivateKey by, Instant from, Instant to, byte[] extension) {
        byte[] body = sequence(
                tagged(0xa0, tagged(0x02, new byte[] {2})),
                tagged(0x02, new BigInteger(63, new SecureRandom()).toByteArray()),
                ECDSA_WITH_SHA256,
                new X500Principal("CN=" + issuer).getEncoded(),
                sequence(time(from), time(to)),
                new X500Principal("CN=" + subject).getEncoded(),
                pair.getPublic().getEncoded(),
                tagged(0xa3, sequence(extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(by);
            signature.update(body);
            return sequence(body, ECDSA_WITH_SHA256, tagged(0x03, joined(new byte[] {0}, signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] time(Instant time) {
        return tagged(0x18, ascii(TIME.format(time)));
    }

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    static byte[] tagged(int tag, byte[]... parts) {
        byte[] content = joined(parts);
        int length = content.length;
        // As short as possible: the signature is over that form.
        byte[] head = length < 128
                ? new byte[] {(byte) tag, (byte) length}
                : length < 256
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return joined(head, content);
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
