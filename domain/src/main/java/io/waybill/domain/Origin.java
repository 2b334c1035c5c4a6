package io.waybill.domain;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where one of our sources found a file before it put the file into S3. Two objects of one key with equal kind, source and
 * identity are one file, whatever the store calls their versions.
 *
 * @param kind     of the source, such as "sftp"; any kind is read, so that an older version passes on what a newer one wrote
 * @param source   the name of the source
 * @param identity what the source calls this content of this file, such as path, size and time of change; hostile input
 * @param user     on whose behalf the file was taken; null if nobody is known
 */
public record Origin(String kind, String source, String identity, @Nullable String user) {
    /** The longest identity in UTF-8, in bytes. S3 takes 2 KB of metadata with an object. */
    public static final int LONGEST_IDENTITY = 1_024;

    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final int LONGEST_NAME = 128;
    private static final int KEPT = 900;

    public Origin {
        if (!KIND.matcher(kind).matches()) {
            throw new IllegalArgumentException(
                    "the kind of an origin is 1 to 32 of a-z, 0-9 and -, but was: '" + Texts.printable(kind) + "'");
        }
        if (source.isEmpty() || identity.isEmpty()) {
            throw new IllegalArgumentException("source and identity of an origin must not be empty");
        }
        refuseLonger("the source of an origin", source, LONGEST_NAME);
        refuseLonger("the identity of an origin", identity, LONGEST_IDENTITY);
        if (user != null) {
            refuseLonger("the user of an origin", user, LONGEST_NAME);
        }
    }

    private static void refuseLonger(String what, String text, int bytes) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > bytes) {
            throw new IllegalArgumentException(
                    what + " has at most " + bytes + " bytes in UTF-8, but has " + length);
        }
    }

    /**
     * An identity that fits. What is too long keeps its beginning, for people, and gets the digest of the whole, so that two
     * long identities with one beginning differ.
     */
    public static String identity(String whole) {
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_IDENTITY) {
            return whole;
        }
        String digest = HexFormat.of().formatHex(FileId.sha256().digest(bytes));
        int end = Math.min(whole.length(), KEPT);
        while (whole.substring(0, end).getBytes(StandardCharsets.UTF_8).length > KEPT) {
            end--;
        }
        // A half of a pair of surrogates has no bytes.
        int cut = Character.isHighSurrogate(whole.charAt(end - 1)) ? end - 1 : end;
        return whole.substring(0, cut) + "…sha256:" + digest;
    }

    /** What distinguishes this origin from others of one key; it takes the place of the object's version. */
    String version() {
        return "o:" + HexFormat.of().formatHex(FileId.digestOf(kind, source, identity));
    }
}
