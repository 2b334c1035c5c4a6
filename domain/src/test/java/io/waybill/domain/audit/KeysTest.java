package io.waybill.domain.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The keys of checkpoints, as people keep them in files. */
final class KeysTest {
    /** The first example of RFC 8032, in the form that {@code openssl genpkey -algorithm ed25519} gives keys. */
    private static final String PRIVATE = Pem.encode(
            "PRIVATE KEY",
            HexFormat.of()
                    .parseHex("302e020100300506032b657004220420"
                            + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

    private static final String PUBLIC = Pem.encode(
            "PUBLIC KEY",
            HexFormat.of()
                    .parseHex("302a300506032b6570032100"
                            + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

    @Test
    void shouldReadBackWhatItWrites() {
        SigningKey key = SigningKey.random();

        SigningKey read = SigningKey.parse(key.pem());
        VerifyingKey verifying = VerifyingKey.parse(key.verifying().pem());

        assertThat(read.pem()).isEqualTo(key.pem());
        assertThat(read).isEqualTo(key).hasSameHashCodeAs(key).isNotEqualTo(SigningKey.random());
        assertThat(read.toString()).isEqualTo("key " + key.id());
        assertThat(read.id()).isEqualTo(key.id()).isEqualTo(verifying.id()).hasSize(16);
        assertThat(verifying.signed("a hash", read.sign("a hash"))).isTrue();
        assertThat(verifying.signed("another", read.sign("a hash"))).isFalse();
        assertThat(SigningKey.random().verifying().signed("a hash", read.sign("a hash"))).isFalse();
    }

    @Test
    void shouldReadTheKeysOfOthers() {
        assertThat(SigningKey.parse(PRIVATE).verifying().pem()).isEqualTo(PUBLIC);
        assertThat(VerifyingKey.parse(PUBLIC).pem()).isEqualTo(PUBLIC);
    }

    @Test
    void shouldNotRepeatWhatIsNoKey() {
        String wrong = PRIVATE.replace("PRIVATE KEY", "RSA KEY");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.parse(wrong))
                .withMessageContaining("./waybill audit key new")
                .withMessageNotContaining("MC4C");
        assertThatIllegalArgumentException().isThrownBy(() -> VerifyingKey.parse(PRIVATE));
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.parse(PUBLIC));
    }

    @Test
    void shouldTakeASignatureInOneFormOnly() {
        SigningKey key = SigningKey.random();
        String signature = key.sign("a hash");

        assertThat(key.verifying().signed("a hash", signature.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(key.verifying().signed("a hash", "")).isFalse();
        assertThat(key.verifying().signed("a hash", "no digits")).isFalse();
    }
}
