package io.waybill.runtime.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.runtime.pem.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key and certificates as operators give them, right and wrong. */
final class PemTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    /** Keys of nobody, by openssl pkcs8 -topk8 with -scrypt, -v2 des3 and -v2 camellia-256-cbc. */
    private static final Map<String, String> OTHER_WAYS = Map.of(
            "scrypt",
            "MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAg2qIGy8lgFCwICBAACAQgCAQEwHQYJYIZIAWUDBAEq"
                    + "BBABFIxgjLbP7duAdcwP8qPIBIGQh9dN2uyjlHn3C22TUVvb14l67MsXE3a3Q0J+EfQsUq/6MFhlQEIkyCx5H4Pv"
                    + "f1QrecswbRqaCgpiCVw3mbdbw2dwJcca/blWixlT++TNlvav2zc2MuEQlrJqAnHIVm0aLQRW47DZiDRQ336tDy30"
                    + "lmqwFILvRKmgl2Cs6vBP1+iacIasQlcERrJG43R0SPAW",
            "3DES",
            "MIHjME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAgIZcm6NpXw5QICCAAwDAYIKoZIhvcNAgkFADAUBggq"
                    + "hkiG9w0DBwQILUJq5LZMaRgEgZC8IkCUCl8a8FJasLD4DyTlqiJiJXLs9OPGeN1FvwDmxQbC+jP2o8N0SDZGVzuY"
                    + "Oep/bZl1ffYQuxdvzi5a7HU3roxo49iCwIbbUE5JM3ustFF6gwEI84JZm8zEEmmqkVrFZ/mSsBzjvoLdkSTeHOtD"
                    + "bFRTR6UZkk26lGgHP66N0suA8W+O7SXaOmXsqcDqK6A=",
            "Camellia",
            "MIHuMFkGCSqGSIb3DQEFDTBMMCkGCSqGSIb3DQEFDDAcBAgIItOwryLTSgICCAAwDAYIKoZIhvcNAgkFADAfBgsq"
                    + "gwiMmks9AQEBBAQQAtbvEDRU0L0P237V9jQ+9gSBkLySb3gBgmyz2zLXVosorVgnGepb2mVGhb6uihzjefmUks3l"
                    + "SrsSwfXxiyQQWNtQ94rtBMv7htDcMY3RuUEAC3a38Mg3jPLkijliita0HDlpZ7N6q0hRf9as0bvHDAd7k08N0BxC"
                    + "pdnJ68vyYTVvnVQovep5sJOfWac2GZJ9IBI0V1R9lv0I/yasAKH3lEUxCQ==");

    @TempDir
    private Path directory;

    private final TestAuthority root = new TestAuthority("root");
    private final TestAuthority middle = root.below("middle");

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "some", ".pem"), text);
    }

    private Identity identity(String chain, String key) throws IOException, BadPemException {
        return Identity.of(PemFile.read(file(chain)).certificates(), PemFile.read(file(key)).key(Optional.empty()));
    }

    private static void assertFault(ThrowingCallable reading, String... words) {
        assertThatExceptionOfType(BadPemException.class).isThrownBy(reading).satisfies(e -> assertThat(e.getMessage())
                .contains(words).doesNotContain("MII", "MIG"));
    }

    @Test
    void shouldTakeAChainInOrder() throws Exception {
        Issued issued = middle.issue("waybill-1");

        assertThat(identity(issued.chain(), issued.key()).chain()).hasSize(2);
        assertThat(identity(issued.chain() + root.pem(), issued.key()).chain()).hasSize(3);
    }

    @Test
    void shouldSayWhichCertificateIsOutOfOrder() {
        Issued issued = middle.issue("waybill-1");

        assertFault(() -> identity(root.issue("waybill-1").chain() + middle.pem(), root.issue("x").key()),
                "does not belong to the private key");
        assertFault(() -> identity(middle.pem() + issued.chain(), issued.key()),
                "the certificate of the private key must come first, and is number 2");
        assertFault(() -> identity(issued.chain().replace(middle.pem(), root.pem()), issued.key()),
                "number 2, 'CN=root', did not sign number 1, 'CN=waybill-1'");
    }

    @Test
    void shouldSayWhenACertificateIsNotGood() throws Exception {
        Issued old = root.issue("old", NOW.minusSeconds(9), NOW.minusSeconds(1));
        Issued early = root.issue("early", NOW.plusSeconds(1), NOW.plusSeconds(9));

        assertThat(identity(old.chain(), old.key()).outOfDate(NOW)).get().asString()
                .contains("'CN=old' expired at 2026-05-31T23:59:59Z");
        assertThat(identity(early.chain(), early.key()).outOfDate(NOW)).get().asString()
                .contains("not valid before 2026-06-01T00:00:01Z");
        assertThat(identity(old.chain(), old.key()).outOfDate(NOW.minusSeconds(5))).isEmpty();
        assertThat(identity(old.chain(), old.key()).notAfter()).isEqualTo(NOW.minusSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
            "localhost, true",
            "LocalHost, true",
            "127.0.0.1, true",
            "127.0.0.2, false",
            "::1, true",
            "0:0:0:0:0:0:0:1, true",
            "::2, false",
            "a.waybill.example, true",
            "a.b.waybill.example, false",
            "waybill.example, false",
            "evil.example, false"
    })
    void shouldKnowForWhichNamesItIs(String host, boolean good) throws Exception {
        Issued issued = root.issue("waybill-1");

        assertThat(identity(issued.chain(), issued.key()).isOf(host)).isEqualTo(good);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY"})
    void shouldSayHowToConvertAnotherKey(String type) {
        assertFault(() -> PemFile.read(file(TestAuthority.pem(type, new byte[] {1}))).key(Optional.empty()),
                "is a " + type, "openssl pkcs8 -topk8 -nocrypt -in ");
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, 384", "Ed25519, 255"})
    void shouldReadEachKindOfKey(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();

        assertThat(PemFile.read(file(TestAuthority.pem("PRIVATE KEY", key))).key(Optional.empty()).getEncoded())
                .isEqualTo(key);
    }

    /** An old form says in words between its lines that it is encrypted. */
    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY"})
    void shouldSayHowToConvertAnotherKeyThatIsEncrypted(String type) {
        String key = TestAuthority.pem(type, new byte[] {1, 2, 3, 4})
                .replace(type + "-----\nA", type + "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A1B2C\n\nA");

        assertThat(key).contains("DEK-Info");
        assertFault(() -> PemFile.read(file(key)).key(Optional.empty()), "is a " + type, "openssl pkcs8 -topk8");
        assertFault(() -> PemFile.read(file(root.pem() + key)).key(Optional.empty()), "is a " + type);
    }

    /** A copy that was cut off, or a file that somebody writes just now: its last authority must not be missing silently. */
    @Test
    void shouldRefuseAFileWithABlockThatDoesNotEnd() throws Exception {
        String both = root.pem() + middle.pem();

        assertThat(PemFile.read(file(both)).certificates()).hasSize(2);
        for (int end = root.pem().length() + 20; end < both.length() - 2; end += 17) {
            String part = both.substring(0, end);
            assertFault(() -> PemFile.read(file(part)).certificates(), "has a block without its line -----END");
        }
        String without = root.pem().replace("-----END CERTIFICATE-----\n", "") + middle.pem();
        assertFault(() -> PemFile.read(file(without)).certificates(), "has a block without its line -----END");
    }

    @Test
    void shouldReadBlocksAmongOtherText() throws Exception {
        Issued issued = middle.issue("waybill-1");
        String parameters = TestAuthority.pem("EC PARAMETERS", new byte[] {6, 1, 1});
        String all = "\u00ef\u00bb\u00bfBag Attributes\n    localKeyID: 01-02\nsubject=CN = waybill-1\n"
                + parameters + issued.key() + "Bag Attributes: <No Attributes>\n---\n" + issued.chain();

        assertThat(identity(all, all).chain()).hasSize(2);
        assertThat(identity(all.replace("\n", "\r\n"), all.replace("\n", "\r\n")).chain()).hasSize(2);
        assertThat(identity(all.replace("-----\n-----", "----------"), all).chain()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "RSASSA-PSS", "EC", "Ed25519"})
    void shouldKnowWhetherAKeyAndItsCertificateBelongToEachOther(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        Issued one = root.issueFor("one.example", generator.generateKeyPair());
        Issued other = root.issueFor("other.example", generator.generateKeyPair());

        assertThat(identity(one.chain(), one.key()).chain()).hasSize(1);
        assertFault(() -> identity(one.chain(), other.key()), "does not belong to the private key");
    }

    /** A key that says itself how it signs. */
    @Test
    void shouldTakeAKeyThatSignsInOneWayOnly() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSASSA-PSS");
        generator.initialize(new RSAKeyGenParameterSpec(
                2048, RSAKeyGenParameterSpec.F4,
                new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1)));
        Issued issued = root.issueFor("one.example", generator.generateKeyPair());

        assertThat(identity(issued.chain(), issued.key()).chain()).hasSize(1);
    }

    @Test
    void shouldReadAnEncryptedKeyWithItsPassword() throws Exception {
        byte[] key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
        Path file = file(TestAuthority.pem("ENCRYPTED PRIVATE KEY", encrypted(key, "hunter2")));

        assertThat(PemFile.read(file).key(Optional.of("hunter2")).getEncoded()).isEqualTo(key);
        assertFault(() -> PemFile.read(file).key(Optional.empty()), "is encrypted; give privateKeyPassword");
        assertFault(() -> PemFile.read(file).key(Optional.of("hunter3")), "cannot be decrypted");
    }

    /** The password of these is "hush", and is not what is wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"scrypt", "3DES", "Camellia"})
    void shouldSayThatAKeyIsEncryptedInAWayThatItDoesNotRead(String way) throws Exception {
        byte[] der = Base64.getDecoder().decode(OTHER_WAYS.get(way));
        Path file = file(TestAuthority.pem("ENCRYPTED PRIVATE KEY", der));

        assertFault(() -> PemFile.read(file).key(Optional.of("hush")),
                "is encrypted with " + way + ", which cannot be read", "PBKDF2 with AES",
                "convert it: openssl pkcs8 -topk8 -in " + file + " -v2 aes-256-cbc");
        byte[] unknown = TestAuthority.sequence(new byte[] {5, 0});
        assertFault(() -> PemFile.read(file(TestAuthority.pem("ENCRYPTED PRIVATE KEY", unknown))).key(Optional.of("x")),
                "is encrypted in a way that cannot be read");
    }

    private static byte[] encrypted(byte[] key, String password) throws Exception {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())));
        // The platform has no name for PBES2 when it writes.
        byte[] pbes2 = TestAuthority.tagged(0x06, HexFormat.of().parseHex("2a864886f70d01050d"));
        return TestAuthority.sequence(
                TestAuthority.sequence(pbes2, cipher.getParameters().getEncoded()),
                TestAuthority.tagged(0x04, cipher.doFinal(key)));
    }

    @Test
    void shouldSayWhatAFileHasInstead() {
        assertFault(() -> PemFile.read(directory.resolve("none")), "there is no file ");
        assertFault(() -> PemFile.read(file("hello")), "is no PEM file");
        assertFault(() -> PemFile.read(file(root.issue("a").key())).certificates(), "has no certificate, only PRIVATE");
        assertFault(() -> PemFile.read(file(root.pem())).key(Optional.empty()), "has no private key, only CERTIFICATE");
        assertFault(() -> PemFile.read(file(TestAuthority.pem("CERTIFICATE", new byte[] {1}))).certificates(),
                "a certificate in ", "cannot be read");
        assertFault(() -> PemFile.read(file(TestAuthority.pem("PRIVATE KEY", new byte[] {1}))).key(Optional.empty()),
                "is none of EC, RSA");
    }
}
