package io.waybill.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Decodes a key as AWS and MinIO write it in notifications: form encoding, with '+' for a space.
 * {@link java.net.URLDecoder} would put a replacement character where the bytes are not UTF-8, and the result would
 * name another object.
 */
final class UrlEncodedKey {
    private UrlEncodedKey() {}

    /** Throws {@link IllegalArgumentException} if the text is not encoded in this way. */
    static String decoded(String encoded) {
        var bytes = new ByteArrayOutputStream(encoded.length());
        int at = 0;
        while (at < encoded.length()) {
            char c = encoded.charAt(at);
            if (c == '%') {
                bytes.write(escaped(encoded, at));
                at += 3;
            } else {
                int codePoint = encoded.codePointAt(at);
                if (Character.getType(codePoint) == Character.SURROGATE) {
                    throw new IllegalArgumentException("half of a surrogate pair at index " + at);
                }
                bytes.writeBytes((c == '+' ? " " : Character.toString(codePoint)).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(codePoint);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("its escapes are not UTF-8", e);
        }
    }

    private static int escaped(String encoded, int at) {
        if (at + 3 > encoded.length()
                || !HexFormat.isHexDigit(encoded.charAt(at + 1))
                || !HexFormat.isHexDigit(encoded.charAt(at + 2))) {
            throw new IllegalArgumentException("expected two hexadecimal digits after the '%' at index " + at);
        }
        return HexFormat.fromHexDigits(encoded, at + 1, at + 3);
    }
}
