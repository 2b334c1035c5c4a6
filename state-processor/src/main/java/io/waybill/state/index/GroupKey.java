package io.waybill.state.index;

import io.waybill.domain.FileId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A file as a member of its group. On disk it is a line of text such as
 * {@code FAILED/FORBIDDEN/invoices/acme/mfrggzdfmztwq2lkmnxw4zlt2y}. So the files of a group are one range, in the
 * order of their ids. Names contain no slash.
 */
public record GroupKey(String text) {
    private static final FileId LEAST = new FileId("2".repeat(26));
    private static final FileId GREATEST = new FileId("z".repeat(26));
    private static final int ID_LENGTH = 26;
    /** A large odd number without a pattern, as for any multiplicative hash. */
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** A file in a group. */
    public static GroupKey of(FileGroup group, FileId id) {
        String failure = group.failure() == null ? "" : group.failure().name();
        String destination = group.destination() == null ? "" : group.destination().value();
        return new GroupKey(
                group.status().name() + '/' + failure + '/' + group.route() + '/' + destination + '/' + id);
    }

    /** A key that is not after any key of the group. */
    public static GroupKey firstOf(FileGroup group) {
        return of(group, LEAST);
    }

    /** A key that is not before any key of the group. */
    public static GroupKey lastOf(FileGroup group) {
        return of(group, GREATEST);
    }

    /** The file. */
    public FileId id() {
        return new FileId(text.substring(text.length() - ID_LENGTH));
    }

    /** A number that distinguishes sets of keys: the fingerprint of a set is the sum over its members. */
    long fingerprint() {
        long hash = 1;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FACTOR;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    public static Serde<GroupKey> serde() {
        return Serdes.serdeFrom(
                (topic, key) -> key == null ? null : key.text.getBytes(StandardCharsets.US_ASCII),
                (topic, bytes) -> bytes == null ? null : new GroupKey(new String(bytes, StandardCharsets.US_ASCII)));
    }
}
