package io.waybill.runtime.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The blocks of one PEM file, such as certificates or a key. Immutable. */
public final class PemFile {
    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern BLOCK =
            Pattern.compile(BEGIN + "([^\\r\\n-]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String KEY = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    /** What a TLS server may have. */
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "RSASSA-PSS", "EdDSA");
    /** Nobody has a larger one, and a wrong path may lead to anything. */
    private static final long LARGEST = 1 << 20;

    private final Path path;
    private final List<Block> blocks;

    /** @param text between its two lines: base64, and before it what old forms say about the encryption of a key */
    private record Block(String type, String text) {}

    private PemFile(Path path, List<Block> blocks) {
        this.path = path;
        this.blocks = blocks;
    }

    /** @throws BadPemException if the file cannot be read, or has no block */
    public static PemFile read(Path path) throws BadPemException {
        try {
            if (Files.size(path) > LARGEST) {
                throw new BadPemException(path + " is larger than any PEM file");
            }
            return of(path, Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new BadPemException("there is no file " + path, e);
        } catch (IOException e) {
            throw new BadPemException("the file cannot be read: " + path, e);
        }
    }

    private static PemFile of(Path path, String text) throws BadPemException {
        List<Block> blocks = BLOCK.matcher(text)
                .results()
                .map(found -> new Block(found.group(1), found.group(2)))
                .toList();
        if (text.split(BEGIN, -1).length - 1 != blocks.size()) {
            // Without the block that is cut off, an authority would not be trusted, or a chain be shown in part.
            throw new BadPemException(
                    path + " has a block without its line -----END …-----; is it still being written?");
        }
        if (blocks.isEmpty()) {
            throw new BadPemException(path + " is no PEM file: it has no line -----BEGIN …-----");
        }
        return new PemFile(path, blocks);
    }

    private byte[] der(Block block) throws BadPemException {
        try {
            return Base64.getMimeDecoder().decode(block.text().strip());
        } catch (IllegalArgumentException e) {
            throw new BadPemException("a " + block.type() + " in " + path + " is not base64", e);
        }
    }

    /**
     * All certificates, in their order.
     *
     * @throws BadPemException if there is none, or one cannot be read
     */
    public List<X509Certificate> certificates() throws BadPemException {
        var certificates = new ArrayList<X509Certificate>();
        for (Block block : blocks) {
            if (block.type().equals("CERTIFICATE")) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw new BadPemException(path + " has no certificate, only " + blocks.getFirst().type());
        }
        return certificates;
    }

    private X509Certificate certificate(Block block) throws BadPemException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der(block)));
        } catch (CertificateException e) {
            throw new BadPemException("a certificate in " + path + " cannot be read", e);
        }
    }

    /**
     * The private key, in PKCS#8.
     *
     * @param password of an encrypted key
     * @throws BadPemException if there is none, or it cannot be read
     */
    public PrivateKey key(Optional<String> password) throws BadPemException {
        for (Block block : blocks) {
            switch (block.type()) {
                case KEY -> {
                    return key(der(block));
                }
                case ENCRYPTED -> {
                    return decrypted(block, password.orElseThrow(() -> new BadPemException("the key in " + path
                            + " is encrypted; give privateKeyPassword, or decrypt it: openssl pkcs8 -in " + path
                            + " -out NEW.pem")));
                }
                case "RSA " + KEY, "EC " + KEY, "DSA " + KEY ->
                    throw new BadPemException("the key in " + path + " is a " + block.type()
                            + " and not in PKCS#8; convert it: openssl pkcs8 -topk8 -nocrypt -in " + path
                            + " -out NEW.pem");
                default -> {
                    // Certificates may stand beside it, and the parameters of a curve.
                }
            }
        }
        throw new BadPemException(path + " has no private key, only " + blocks.getFirst().type());
    }

    private PrivateKey decrypted(Block block, String password) throws BadPemException {
        byte[] der = der(block);
        EncryptedKey encrypted;
        try {
            encrypted = EncryptedKey.of(der);
        } catch (BadPemException e) {
            throw new BadPemException(
                    "the key in " + path + " " + e.getMessage() + "; convert it: openssl pkcs8 -topk8 -in "
                            + path + " -v2 aes-256-cbc -out NEW.pem",
                    e);
        }
        try {
            return key(encrypted.decrypted(password));
        } catch (GeneralSecurityException e) {
            throw new BadPemException("the key in " + path + " cannot be decrypted with privateKeyPassword", e);
        }
    }

    private PrivateKey key(byte[] der) throws BadPemException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // It is a key of another algorithm.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + algorithm, e);
            }
        }
        throw new BadPemException("the key in " + path + " is none of " + String.join(", ", ALGORITHMS));
    }
}
