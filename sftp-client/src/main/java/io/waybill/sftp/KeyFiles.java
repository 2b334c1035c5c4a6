package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.pem.EncryptedKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.putty.PuttyKeyUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys and certificates. A private key may be in the format of OpenSSH, PEM, PKCS #8 (also encrypted) or PuTTY
 * (versions 2 and 3). Any thread.
 */
final class KeyFiles {
    /** A private key takes a few kilobytes. */
    private static final int LONGEST = 1 << 20;

    private static final Pattern ARGON2_MEMORY = Pattern.compile("(?m)^Argon2-Memory:\\s*(\\d+)\\s*$");

    /** In KiB. PuTTY takes 8,192 unless told otherwise, and several keys may be opened at the same time. */
    private static final BigInteger MOST_ARGON2_MEMORY = BigInteger.valueOf(128 << 10);

    /** PKCS #8 under a passphrase, as openssl writes it (RFC 5958, section 3; RFC 7468, section 11). */
    private static final Pattern ENCRYPTED = Pattern.compile(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END ENCRYPTED PRIVATE KEY-----");

    /** The lines of a key have at most 76 characters. */
    private static final Pattern ONE_LINE = Pattern.compile("\\A\\s*-----BEGIN [A-Z0-9 ]+-----(?!\\s*[\\r\\n]).{76,}");

    private KeyFiles() {}

    /**
     * Reads the first private key of a file.
     *
     * @param passphrase opens an encrypted key; not asked for otherwise
     * @throws TransferException AUTHENTICATION with what must be done; without the passphrase and the content
     */
    static KeyPair keyPair(Path file, Optional<Secret> passphrase) throws TransferException {
        var asked = new AtomicBoolean();
        FilePasswordProvider passphrases = (_, _, _) -> {
            asked.set(true);
            return passphrase.map(Secret::reveal).orElse(null);
        };
        String converted = "";
        try {
            byte[] content = content(file);
            boolean ofPutty = isOfPutty(content);
            if (ofPutty) {
                converted = "; 'puttygen " + file + " -O private-openssh -o NEW', or 'Export OpenSSH key' in PuTTYgen,"
                        + " makes one that can be read";
                refuseHunger(content);
            }
            Matcher encrypted = ENCRYPTED.matcher(text(content));
            if (encrypted.find()) {
                asked.set(true);
                converted = "; 'ssh-keygen -p -f COPY' makes an OpenSSH key of a copy, which can be read";
                content = decrypted(encrypted.group(1), passphrase);
            } else if (ONE_LINE.matcher(text(content)).find()) {
                converted = "; the file has lost its line breaks";
            }
            @Nullable Iterable<KeyPair> found = ofPutty
                    ? PuttyKeyUtils.DEFAULT_INSTANCE.loadKeyPairs(
                            null, NamedResource.ofName(file.toString()), passphrases, new ByteArrayInputStream(content))
                    : SecurityUtils.loadKeyPairIdentities(
                            null, NamedResource.ofName(file.toString()), new ByteArrayInputStream(content),
                            passphrases);
            @Nullable Iterator<KeyPair> pairs = found == null ? null : found.iterator();
            if (pairs != null && pairs.hasNext()) {
                return usable(file, pairs.next());
            }
        } catch (BadPemException e) {
            throw new TransferException(
                    FailureKind.AUTHENTICATION, "the private key " + file + " " + e.getMessage() + converted, e);
        } catch (IOException | GeneralSecurityException | RuntimeException | LinkageError e) {
            // The library finds out only now that it lacks a class for this kind of key.
            throw new TransferException(
                    FailureKind.AUTHENTICATION,
                    "the private key " + file + " " + why(e, asked.get(), passphrase.isPresent(), converted),
                    e);
        }
        throw new TransferException(
                FailureKind.AUTHENTICATION, "there is no private key in " + file + " that can be read" + converted);
    }

    /** Refuses a key that no signature algorithm of this client can use. The library would only leave it out. */
    private static KeyPair usable(Path file, KeyPair pair) throws TransferException {
        String type = KeyUtils.getKeyType(pair);
        if (!Algorithms.keyTypes().contains(Algorithms.typeOf(type))) {
            throw new TransferException(
                    FailureKind.AUTHENTICATION,
                    "the private key " + file + " is of type " + type + ", which Waybill does not use; give it one of "
                            + Algorithms.keyTypes() + ", and the partner its public key");
        }
        return pair;
    }

    /**
     * Decrypts a key in the format PKCS #8. The library needs a further library for that, the JDK does not.
     *
     * @return the plain key as PEM
     */
    private static byte[] decrypted(String base64, Optional<Secret> passphrase)
            throws IOException, GeneralSecurityException, BadPemException {
        if (passphrase.isEmpty()) {
            throw new IOException("there is no passphrase");
        }
        byte[] plain = EncryptedKey.of(Base64.getMimeDecoder().decode(base64)).decrypted(passphrase.get().reveal());
        return ("-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(plain)
                + "\n-----END PRIVATE KEY-----\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String why(Throwable e, boolean encrypted, boolean hasPassphrase, String converted) {
        if (!encrypted) {
            return "cannot be read as an OpenSSH, PEM or PuTTY key: " + SftpFailures.messageOf(e) + converted;
        }
        if (!hasPassphrase) {
            return "is encrypted; give the destination's passphrase";
        }
        return "cannot be decrypted with the destination's passphrase"
                + (converted.isEmpty() ? "" : ". If that is right" + converted.replaceFirst(";", ","));
    }

    private static byte[] content(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LONGEST + 1);
            if (content.length > LONGEST) {
                throw new IOException("the file has more than " + LONGEST + " bytes");
            }
            return content;
        }
    }

    private static boolean isOfPutty(byte[] content) {
        return text(content).startsWith("PuTTY-User-Key-File-");
    }

    /** The file says how much memory its opening takes. More than there is would end the process. */
    private static void refuseHunger(byte[] content) throws IOException {
        Matcher memory = ARGON2_MEMORY.matcher(text(content));
        if (memory.find() && new BigInteger(memory.group(1)).compareTo(MOST_ARGON2_MEMORY) > 0) {
            throw new IOException("it takes more than " + MOST_ARGON2_MEMORY + " KiB of memory to open");
        }
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads an OpenSSH certificate.
     *
     * @param pair the keys for which it must be
     * @throws TransferException AUTHENTICATION with what is wrong
     */
    static OpenSshCertificate certificate(Path file, KeyPair pair) throws TransferException {
        PublicKey read;
        try {
            read = PublicKeyEntry.parsePublicKeyEntry(text(content(file)).strip()).resolvePublicKey(null, Map.of(),
                    null);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new TransferException(
                    FailureKind.AUTHENTICATION,
                    "the certificate " + file + " cannot be read: " + SftpFailures.messageOf(e), e);
        }
        if (!(read instanceof OpenSshCertificate proof)) {
            throw new TransferException(
                    FailureKind.AUTHENTICATION,
                    file + " is a public key and no certificate; 'ssh-keygen -s' makes one that ends in -cert.pub");
        }
        if (!KeyUtils.compareKeys(proof.getCertPubKey(), pair.getPublic())) {
            throw new TransferException(
                    FailureKind.AUTHENTICATION, "the certificate " + file + " belongs to another private key");
        }
        return proof;
    }
}
