package io.waybill.devstack.servers.s3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The path of a request as a signature of version 4 names it: every byte but letters, digits and {@code -._~/} is
 * percent-encoded, and nothing is normalised.
 *
 * <p>A client may send another spelling of the path than the one it signs. The SDK for Java sends the key {@code a//b}
 * as {@code a/%2Fb}, because HTTP clients merge slashes, and signs {@code a//b}.
 */
final class CanonicalPath {
    private static final String UNRESERVED = "-._~/";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private CanonicalPath() {}

    /**
     * The canonical spelling of a path.
     *
     * @param raw as the request line has it
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
     */
    static String of(String raw) {
        var canonical = new StringBuilder(raw.length());
        for (byte one : decoded(raw)) {
            char letter = (char) (one & 0xFF);
            if (isPlain(letter)) {
                canonical.append(letter);
            } else {
                canonical.append('%').append(HEX.toHexDigits(one));
            }
        }
        return canonical.toString();
    }

    private static byte[] decoded(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        var decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
            } else if (i + 2 < bytes.length) {
                decoded.write(HexFormat.fromHexDigits(raw(bytes, i + 1), 0, 2));
                i += 2;
            } else {
                throw new IllegalArgumentException("a percent sign without two hexadecimal digits in " + raw);
            }
        }
        return decoded.toByteArray();
    }

    private static String raw(byte[] bytes, int from) {
        return new String(bytes, from, 2, StandardCharsets.ISO_8859_1);
    }

    private static boolean isPlain(char letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= 'A' && letter <= 'Z'
                || letter >= '0' && letter <= '9'
                || UNRESERVED.indexOf(letter) >= 0;
    }
}
