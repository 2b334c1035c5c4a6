package io.waybill.sftp;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;

/**
 * The host keys that one destination accepts. A server mostly has keys of several types, shows one of them, and the pinned
 * one may be another. So a refused key is no mismatch yet, as long as the server offers a type that it has not shown. One
 * thread at a time.
 */
final class HostKeyPins {
    private final List<String> pinned;
    /** Types of keys in the order in which they are to be proposed. */
    private final List<String> preferred;
    /** Fingerprints of keys that are not pinned, and their types. */
    private final Map<String, String> refused = new LinkedHashMap<>();
    /** Types that were preferred because the server offers them. It may offer one and show a key of another. */
    private final Set<String> tried = new HashSet<>();
    private List<String> offered = List.of();
    private Optional<String> accepted = Optional.empty();
    private Optional<String> acceptedType = Optional.empty();

    /**
     * @param pinned fingerprints, "SHA256:…"
     * @param likely the types that these keys may have, the most likely first
     */
    HostKeyPins(List<String> pinned, List<String> likely) {
        this.pinned = pinned;
        this.preferred = new ArrayList<>(likely);
    }

    /** The types of keys to propose first. */
    synchronized List<String> preferred() {
        return List.copyOf(preferred);
    }

    /**
     * @param algorithms signature algorithms that the server offers for its host keys
     */
    synchronized boolean accept(PublicKey presented, List<String> algorithms) {
        String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, presented);
        String type = Algorithms.typeOf(KeyUtils.getKeyType(presented));
        offered = algorithms.stream().map(Algorithms::typeOf).distinct().toList();
        if (pinned.contains(fingerprint)) {
            accepted = Optional.of(fingerprint);
            acceptedType = Optional.of(type);
            prefer(type);
            return true;
        }
        refused.put(fingerprint, type);
        return false;
    }

    /**
     * Prefers a type of key that the server offers and has not shown yet.
     *
     * @return false if there is none
     */
    synchronized boolean another() {
        Optional<String> next = Stream.concat(preferred.stream(), offered.stream())
                .filter(offered::contains)
                .filter(Algorithms.keyTypes()::contains)
                .filter(type -> !refused.containsValue(type))
                .filter(type -> !tried.contains(type))
                .findFirst();
        next.ifPresent(tried::add);
        next.ifPresent(this::prefer);
        return next.isPresent();
    }

    private void prefer(String type) {
        preferred.remove(type);
        preferred.addFirst(type);
    }

    /** The fingerprint of the pinned key that the server showed. */
    synchronized Optional<String> accepted() {
        return accepted;
    }

    synchronized Optional<String> acceptedType() {
        return acceptedType;
    }

    /** Why no key was accepted; empty if none was refused, or one was accepted. */
    synchronized Optional<String> mismatch() {
        if (refused.isEmpty() || accepted.isPresent()) {
            return Optional.empty();
        }
        String shown = refused.entrySet().stream()
                .map(key -> key.getKey() + " (" + key.getValue() + ")")
                .collect(Collectors.joining(", "));
        return Optional.of("presented the host key" + (refused.size() > 1 ? "s " : " ") + shown + ", but pinned is "
                + String.join(" or ", pinned)
                + "; if the partner confirms the new key, add it to the destination's hostKeys");
    }
}
