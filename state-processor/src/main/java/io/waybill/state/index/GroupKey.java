package io.waybill.state.index;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.SourceObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A file as an entry of the index. On disk it is a line of text whose end is the file's id. Each file has three:
 *
 * <ul>
 * <li>{@code FAILED/FORBIDDEN/invoices/acme/mfrggzdfmztwq2lkmnxw4zlt2y}: as a member of its group. So the files of a
 * group are one range, in the order of their ids. Names contain no slash.
 * <li>{@code @T/08232774399877/mfrggzdfmztwq2lkmnxw4zlt2y}: by its arrival, the newest first.
 * <li>{@code @K/8b1a9953c4611296a827abf8c47804d7/08232774399877/mfrggzdfmztwq2lkmnxw4zlt2y}: by a hash of its object's
 * key, the version that was written last first.
 * </ul>
 *
 * <p>No status begins with '@'.
 */
public record GroupKey(String text) {
    private static final FileId LEAST = new FileId("2".repeat(26));
    private static final FileId GREATEST = new FileId("z".repeat(26));
    private static final int ID_LENGTH = 26;
    /** A large odd number without a pattern, as for any multiplicative hash. */
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private static final String ARRIVALS = "@T/";
    private static final String OBJECTS = "@K/";
    /** Later than any file; 14 digits of milliseconds reach to the year 5138. */
    private static final long LAST_MILLIS = 99_999_999_999_999L;
    private static final int HASH_BYTES = 16;

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

    /** A file by its arrival. */
    public static GroupKey ofArrival(FileState file) {
        return afterArrival(position(file.arrivedAt(), file.id()));
    }

    /**
     * A file's place in the order of arrivals as a text that sorts like it, the newest first: 14 digits, a dash, the
     * id. A client gets it as a cursor.
     */
    public static String position(Instant arrivedAt, FileId id) {
        return newestFirst(arrivedAt) + '-' + id;
    }

    /** A time as 14 digits that sort the latest first. */
    private static String newestFirst(Instant at) {
        long second = Math.clamp(at.getEpochSecond(), 0, LAST_MILLIS / 1000 - 1);
        long millis = second * 1000 + at.getNano() / 1_000_000;
        String digits = Long.toString(LAST_MILLIS - millis);
        return "0".repeat(14 - digits.length()) + digits;
    }

    /** The entry at a place in the order of arrivals. */
    public static GroupKey afterArrival(String position) {
        return new GroupKey(ARRIVALS + position.replace('-', '/'));
    }

    /** A key that is not after any arrival. */
    public static GroupKey firstArrival() {
        return new GroupKey(ARRIVALS);
    }

    /** A key that is after every arrival. */
    public static GroupKey lastArrival() {
        return new GroupKey(ARRIVALS + ':');
    }

    /** The place of an arrival, as {@link #position}. */
    public String position() {
        return text.substring(ARRIVALS.length()).replace('/', '-');
    }

    /** A file by the key of its object. */
    public static GroupKey ofObject(FileState file) {
        SourceObject object = file.source();
        return new GroupKey(objects(object.key()) + newestFirst(object.lastModified()) + '/' + file.id());
    }

    /** A key that is not after any file of an object's key. */
    public static GroupKey firstOfObject(String key) {
        return new GroupKey(objects(key));
    }

    /** A key that is not before any file of an object's key. */
    public static GroupKey lastOfObject(String key) {
        return new GroupKey(objects(key) + ':');
    }

    /** A key that is not before any file of a version of an object's key that was written at this time or later. */
    public static GroupKey lastOfObjectSince(String key, Instant written) {
        return new GroupKey(objects(key) + newestFirst(written) + ':');
    }

    private static String objects(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return OBJECTS + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + '/';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
