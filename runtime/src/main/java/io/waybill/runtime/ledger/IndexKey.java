package io.waybill.runtime.ledger;

import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import java.util.HexFormat;

/**
 * A key of {@code delivery-index}, packed into 130 bits: a digest has 128, a file's id two more.
 *
 * @param top  the two bits above the others; 0 for a digest
 * @param high the upper half of the lower 128 bits
 * @param low  the lower half of them
 */
record IndexKey(Kind kind, int top, long high, long low) {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 26;
    private static final int BITS = 5;
    private static final int HALF = IndexEntry.DIGEST_LENGTH / 2;

    /** The kind of the key's entry. */
    enum Kind {
        PATH(1, "path-"),
        FILE(2, "file-"),
        REPLACE(3, "replace-");

        private static final Kind[] ALL = values();

        /** From 1 to 3. */
        private final int code;

        private final String prefix;

        Kind(int code, String prefix) {
            this.code = code;
            this.prefix = prefix;
        }

        int code() {
            return code;
        }

        static Kind of(int code) {
            return ALL[code - 1];
        }
    }

    /**
     * Packs a key.
     *
     * @throws IllegalArgumentException if the text is no key
     */
    static IndexKey parse(String key) {
        for (Kind kind : Kind.ALL) {
            if (key.startsWith(kind.prefix)) {
                String rest = key.substring(kind.prefix.length());
                return kind == Kind.FILE ? of(new FileId(rest)) : ofDigest(kind, rest, key);
            }
        }
        throw new IllegalArgumentException("'" + key + "' is no key of an entry");
    }

    private static IndexKey ofDigest(Kind kind, String digest, String key) {
        if (digest.length() != IndexEntry.DIGEST_LENGTH) {
            throw new IllegalArgumentException("'" + key + "' does not end with a digest");
        }
        return new IndexKey(
                kind,
                0,
                HexFormat.fromHexDigitsToLong(digest, 0, HALF),
                HexFormat.fromHexDigitsToLong(digest, HALF, IndexEntry.DIGEST_LENGTH));
    }

    static IndexKey of(FileId id) {
        int top = 0;
        long high = 0;
        long low = 0;
        for (int i = 0; i < ID_LENGTH; i++) {
            char c = id.value().charAt(i);
            top = (int) (high >>> Long.SIZE - BITS) & 3;
            high = high << BITS | low >>> Long.SIZE - BITS;
            low = low << BITS | (c >= 'a' ? c - 'a' : c - '2' + 26);
        }
        return new IndexKey(Kind.FILE, top, high, low);
    }

    static FileId fileId(int top, long high, long low) {
        var text = new char[ID_LENGTH];
        long leftTop = top;
        long leftHigh = high;
        long leftLow = low;
        for (int i = ID_LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) leftLow & 31);
            leftLow = leftLow >>> BITS | leftHigh << Long.SIZE - BITS;
            leftHigh = leftHigh >>> BITS | leftTop << Long.SIZE - BITS;
            leftTop >>>= BITS;
        }
        return new FileId(new String(text));
    }

    /** The key as text, as in the topic. */
    @Override
    public String toString() {
        return kind.prefix + (kind == Kind.FILE
                ? fileId(top, high, low).value()
                : HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low));
    }
}
