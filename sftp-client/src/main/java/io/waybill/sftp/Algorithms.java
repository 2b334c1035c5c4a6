package io.waybill.sftp;

import io.waybill.runtime.config.DestinationConfig.Security;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.OptionalFeature;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KexFactoryManager;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.jspecify.annotations.Nullable;

/**
 * The algorithms that this client proposes, best first. They are written out here, so that a new version of the library
 * neither adds nor loses one. None of them uses SHA-1, CBC, or a group below 2048 bits. A destination may allow some that
 * do; they come last.
 */
final class Algorithms {
    private static final List<BuiltinDHFactories> KEY_EXCHANGES = List.of(
            BuiltinDHFactories.sntrup761x25519,
            BuiltinDHFactories.sntrup761x25519_openssh,
            BuiltinDHFactories.mlkem768x25519,
            BuiltinDHFactories.mlkem1024nistp384,
            BuiltinDHFactories.mlkem768nistp256,
            BuiltinDHFactories.curve25519,
            BuiltinDHFactories.curve25519_libssh,
            BuiltinDHFactories.curve448,
            BuiltinDHFactories.ecdhp521,
            BuiltinDHFactories.ecdhp384,
            BuiltinDHFactories.ecdhp256,
            BuiltinDHFactories.dhgex256,
            BuiltinDHFactories.dhg18_512,
            BuiltinDHFactories.dhg17_512,
            BuiltinDHFactories.dhg16_512,
            BuiltinDHFactories.dhg15_512,
            BuiltinDHFactories.dhg14_256);

    private static final List<BuiltinSignatures> SIGNATURES = List.of(
            BuiltinSignatures.nistp256,
            BuiltinSignatures.nistp384,
            BuiltinSignatures.nistp521,
            BuiltinSignatures.ed25519,
            BuiltinSignatures.rsaSHA512,
            BuiltinSignatures.rsaSHA256);

    /** Only for a user's certificate. The library proposes them for host keys as well; there they come last. */
    private static final List<BuiltinSignatures> OF_CERTIFICATES = List.of(
            BuiltinSignatures.nistp256_cert,
            BuiltinSignatures.nistp384_cert,
            BuiltinSignatures.nistp521_cert,
            BuiltinSignatures.ed25519_cert,
            BuiltinSignatures.rsaSHA512_cert,
            BuiltinSignatures.rsaSHA256_cert);

    // AES-GCM first: the JVM has instructions for it, and none for ChaCha20-Poly1305, the library's first choice.
    private static final List<BuiltinCiphers> CIPHERS = List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.aes256ctr,
            BuiltinCiphers.aes192ctr,
            BuiltinCiphers.aes128ctr,
            BuiltinCiphers.cc20p1305_openssh);

    private static final List<BuiltinMacs> MACS = List.of(
            BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm, BuiltinMacs.hmacsha256, BuiltinMacs.hmacsha512);

    private Algorithms() {}

    /** Proposes only modern algorithms. */
    static void proposeModern(KexFactoryManager to) {
        propose(to, Security.DEFAULT);
    }

    /** Proposes the algorithms of a destination, before the key exchange begins. */
    static void propose(KexFactoryManager to, Security security) {
        Set<String> allowed = security.allowed();
        to.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                true, with(KEY_EXCHANGES, allowed, BuiltinDHFactories::fromFactoryName), ClientBuilder.DH2KEX));
        to.setCipherFactories(List.copyOf(with(CIPHERS, allowed, BuiltinCiphers::fromFactoryName)));
        to.setMacFactories(List.copyOf(with(MACS, allowed, BuiltinMacs::fromFactoryName)));
        to.setCompressionFactories(List.of(BuiltinCompressions.none));
        var signatures = new ArrayList<>(with(SIGNATURES, allowed, BuiltinSignatures::fromFactoryName));
        if (security.certificateFile().isPresent()) {
            signatures.addAll(OF_CERTIFICATES);
        }
        to.setSignatureFactories(List.copyOf(signatures));
    }

    private static <T extends OptionalFeature> List<T> with(
            List<T> modern, Collection<String> allowed, Function<String, @Nullable T> byName) {
        return Stream.concat(
                modern.stream(),
                Security.WEAK.stream().filter(allowed::contains).flatMap(name -> Stream.ofNullable(byName.apply(name))))
                .filter(OptionalFeature::isSupported)
                .toList();
    }

    /**
     * The same signature algorithms, those of some types of host keys before the others.
     *
     * @param types such as "ssh-ed25519", the first one first
     */
    static List<String> sorted(List<String> names, List<String> types) {
        // The sort keeps the order of those that are equal.
        return names.stream()
                .sorted(Comparator.comparingInt(name -> {
                    int place = types.indexOf(typeOf(name));
                    return place < 0 ? types.size() : place;
                }))
                .toList();
    }

    /** The type of the keys that a signature algorithm uses; "ssh-rsa" for all of RSA. */
    static String typeOf(String signature) {
        return Optional.ofNullable(KeyUtils.getCanonicalKeyType(signature)).orElse(signature);
    }

    /** The types of keys that this client can use: of servers to check, of users to log in. */
    static List<String> keyTypes() {
        return SIGNATURES.stream().map(signature -> typeOf(signature.getName())).distinct().toList();
    }
}
