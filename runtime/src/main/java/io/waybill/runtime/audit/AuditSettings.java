package io.waybill.runtime.audit;

import io.waybill.domain.audit.SigningKey;
import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.Section;
import java.util.Optional;

/**
 * The section of the configuration that says how the audit is signed. The audit-service signs with it, and a check
 * without another key checks with it.
 *
 * @param signingKey empty if checkpoints are not signed
 */
public record AuditSettings(Optional<SigningKey> signingKey) {
    private static final Key<SigningKey> SIGNING_KEY = Key.optional(
            "signingKey",
            KeyType.secret(SigningKey::parse),
            "checkpoints are not signed",
            "The ed25519 private key that signs the audit, in PEM; `./waybill audit key new` makes one.")
            .see("audit.md");

    /** The section {@code audit}. */
    public static final OwnSection<AuditSettings> SECTION = new OwnSection<>(
            Section.fixed("audit", "The audit-service.", SIGNING_KEY),
            keys -> new AuditSettings(keys.find(SIGNING_KEY)));
}
