package io.waybill.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a worker remembers of finished deliveries for later deliveries: {@code delivery-index}. Each of its partitions
 * belongs to the partition of work with the same number. It is a topic of its own, because a worker of an earlier
 * version puts a partition on hold if its ledger has a mark that it cannot read. An entry replaces the earlier entry of
 * the same key. A tombstone replaces an expired entry.
 */
public sealed interface IndexEntry {
    /** Characters of a key's digest: 128 bits, so that a million keys do not collide. */
    int DIGEST_LENGTH = 32;

    /** The record key of the entry in its partition. */
    String key();

    /** From this instant on the entry has no use: older work cannot exist any more. */
    Instant expires();

    /**
     * The newest version of one object that was prepared or delivered at one path.
     *
     * @param key          as {@link #pathKey} makes it
     * @param id           the file of that version
     * @param lastModified when the store says that version was written. If an unchanged version was skipped since, the time
     *                     of that version
     * @param content      as {@link #content} makes it; 0 if it is not known
     */
    record NewestAtPath(String key, FileId id, Instant lastModified, Instant expires, long content)
            implements IndexEntry {
        /** An entry that does not know the content. */
        public NewestAtPath(String key, FileId id, Instant lastModified, Instant expires) {
            this(key, id, lastModified, expires, 0);
        }
    }

    /**
     * The end of the sendings of a file.
     *
     * @param sending the highest sending whose end is known, 1 or more
     * @param result  the end of that sending
     */
    record FileOutcome(FileId id, int sending, Result result, Instant expires) implements IndexEntry {
        public FileOutcome {
            if (sending < 1) {
                throw new IllegalArgumentException("sendings count from 1, but was: " + sending);
            }
        }

        @Override
        public String key() {
            return fileKey(id);
        }
    }

    /** How a sending ended. The names are Avro symbols, hence public: add, never rename. */
    enum Result {
        /** The file got its final name. */
        DELIVERED,
        /** The end is unknown. Nothing of the file is sent before a person has decided. */
        IN_DOUBT
    }

    /**
     * A server that was seen to replace a file in one step.
     *
     * @param key as {@link #replaceKey} makes it
     */
    record ProvenReplace(String key, Instant expires) implements IndexEntry {}

    /** What two versions of one object have in common if their bytes are the same, as far as the store says; never 0. */
    static long content(SourceObject source) {
        String hash = digest(source.strongEtag(), Long.toString(source.size())).substring(0, Long.BYTES * 2);
        return Long.parseUnsignedLong(hash, 16) | 1;
    }

    /** The key of {@link NewestAtPath}: one object at one path. */
    static String pathKey(Target target, SourceObject source) {
        return "path-" + digest(target.destination().value(), target.path().value(), source.bucket(), source.key());
    }

    /** The key of {@link FileOutcome}. */
    static String fileKey(FileId id) {
        return "file-" + id;
    }

    /**
     * The key of {@link ProvenReplace}.
     *
     * @param server    what distinguishes this server: its host key and the name that it gives itself
     * @param directory where it was seen to replace a file
     */
    static String replaceKey(DestinationName destination, String server, String directory) {
        return "replace-" + digest(destination.value(), server, directory);
    }

    private static String digest(String... parts) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // Each part has its length before it, so no two lists of parts give the same bytes.
                sha256.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) ':');
                sha256.update(bytes);
            }
            return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGEST_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }
}
