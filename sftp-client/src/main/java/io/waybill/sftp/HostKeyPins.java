package io.waybill.sftp;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;

/** The host keys that one connection accepts. Remembers an unknown key, so that the failure can name it. */
final class HostKeyPins {
    /** The attribute under which a connection carries its pins. */
    static final AttributeKey<HostKeyPins> KEY = new AttributeKey<>();

    private final List<String> pinned;
    private volatile Optional<String> accepted = Optional.empty();
    private volatile Optional<String> mismatch = Optional.empty();

    HostKeyPins(List<String> pinned) {
        this.pinned = pinned;
    }

    boolean accept(PublicKey presented) {
        String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, presented);
        if (pinned.contains(fingerprint)) {
            accepted = Optional.of(fingerprint);
            return true;
        }
        mismatch = Optional.of(
                "presented the host key " + fingerprint + " (" + KeyUtils.getKeyType(presented) + "), but pinned is "
                        + String.join(" or ", pinned)
                        + "; if the partner confirms the new key, add it to the destination's hostKeys");
        return false;
    }

    /** The fingerprint of the pinned key that the server showed. */
    Optional<String> accepted() {
        return accepted;
    }

    /** Why a key was not accepted; empty if none was refused. */
    Optional<String> mismatch() {
        return mismatch;
    }
}
