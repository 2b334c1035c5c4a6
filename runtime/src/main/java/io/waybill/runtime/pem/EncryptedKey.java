package io.waybill.runtime.pem;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A private key in PKCS#8 under a password, in the ways that the JDK reads. Immutable. */
public final class EncryptedKey {
    /** What {@link #of} takes. */
    public static final String READABLE = "PBKDF2 with AES, as 'openssl pkcs8 -topk8 -v2 aes-256-cbc' writes it";

    /** In a tag and its length: the object identifiers of ways that exist and are not read. */
    private static final Map<String, String> OTHERS = Map.of(
            "06092b06010401da47040b", "scrypt",
            "06082a864886f70d0307", "3DES",
            "06082a864886f70d0302", "RC2",
            "06052b0e030207", "DES",
            "060b2a83088c9a4b3d01010104", "Camellia",
            "060b2a83088c9a4b3d01010103", "Camellia",
            "060b2a83088c9a4b3d01010102", "Camellia");
    /** The description of the way stands before the key itself, and is short. */
    private static final int DESCRIPTION = 160;

    private final EncryptedPrivateKeyInfo info;
    private final SecretKeyFactory keys;
    private final Cipher cipher;

    private EncryptedKey(EncryptedPrivateKeyInfo info, SecretKeyFactory keys, Cipher cipher) {
        this.info = info;
        this.keys = keys;
        this.cipher = cipher;
    }

    /**
     * Reads how a key is encrypted.
     *
     * @throws BadPemException if it is in a way that the JDK cannot decrypt, with whatever password: the end of a sentence
     */
    public static EncryptedKey of(byte[] der) throws BadPemException {
        try {
            var info = new EncryptedPrivateKeyInfo(der);
            // The name of PBES2 says nothing; that of its parameters says which cipher.
            String algorithm =
                    info.getAlgName().equals("PBES2") ? info.getAlgParameters().toString() : info.getAlgName();
            return new EncryptedKey(info, SecretKeyFactory.getInstance(algorithm), Cipher.getInstance(algorithm));
        } catch (IOException | GeneralSecurityException e) {
            throw new BadPemException("is encrypted " + way(der) + "; readable is " + READABLE, e);
        }
    }

    private static String way(byte[] der) {
        String description = HexFormat.of().formatHex(der, 0, Math.min(der.length, DESCRIPTION));
        return OTHERS.entrySet().stream()
                .filter(way -> description.contains(way.getKey()))
                .map(way -> "with " + way.getValue() + ", which cannot be read")
                .sorted()
                .findFirst()
                .orElse("in a way that cannot be read");
    }

    /**
     * The plain key in PKCS#8.
     *
     * @throws GeneralSecurityException if it is not the password
     */
    public byte[] decrypted(String password) throws GeneralSecurityException {
        cipher.init(
                Cipher.DECRYPT_MODE,
                keys.generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        return info.getKeySpec(cipher).getEncoded();
    }
}
