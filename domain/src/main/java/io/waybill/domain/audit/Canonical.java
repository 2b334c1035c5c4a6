package io.waybill.domain.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of a record that its digest covers: its fields by name, each with its length. Fields that are empty are left
 * out, so a field that a later version adds changes no digest of an earlier record. Avro's bytes would change with it.
 */
final class Canonical {
    private final Map<String, String> fields = new TreeMap<>();

    Canonical with(String name, Object value) {
        String text = String.valueOf(value);
        if (!text.isEmpty()) {
            fields.put(name, text);
        }
        return this;
    }

    /** Of all fields, in hexadecimal digits. */
    String digest() {
        MessageDigest sha256 = sha256();
        fields.forEach((name, value) -> {
            byte[] text = value.getBytes(UTF_8);
            sha256.update((name + ":" + text.length + ":").getBytes(UTF_8));
            sha256.update(text);
            sha256.update((byte) '\n');
        });
        return HexFormat.of().formatHex(sha256.digest());
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String of(AuditEntry entry) {
        var fields = new Canonical()
                .with("kind", "entry")
                .with("at", entry.at().toEpochMilli())
                .with("who", entry.who())
                .with("role", entry.role())
                .with("what", entry.what())
                .with("targetKind", entry.target().kind())
                .with("target", entry.target().name())
                .with("reason", entry.reason())
                .with("outcome", entry.outcome())
                .with("detail", entry.detail())
                .with("requestId", entry.requestId())
                .with("source", entry.source());
        AuditEntry.Counts counts = entry.counts();
        if (counts != null) {
            fields.with("accepted", counts.accepted())
                    .with("refused", counts.refused())
                    .with("leftOut", counts.leftOut());
        }
        return fields.digest();
    }

    static String of(Checkpoint checkpoint) {
        // The signature is over the hash of this.
        return new Canonical()
                .with("kind", "checkpoint")
                .with("at", checkpoint.at().toEpochMilli())
                .with("signedBy", checkpoint.signedBy())
                .digest();
    }
}
