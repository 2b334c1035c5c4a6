package io.waybill.sftp;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.config.DestinationConfig;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Optional;

/**
 * How a server writes names. The encoding is strict: it refuses a name that its bytes do not give back unchanged, so that
 * two names never become one. An encoder that replaces unknown characters would write both "日本.csv" and "東京.csv" as
 * "??.csv"; others write two characters as the same byte.
 *
 * @param charset a charset that writes "/" as the byte 2F
 */
public record NameEncoding(Charset charset) {
    /**
     * Why a file cannot have its name at a destination; empty if it can. The worker asks before it sends anything, because
     * the staging name may be one that the charset can write.
     */
    public static Optional<Failure> fault(DestinationConfig destination, RemotePath path) {
        try {
            var _ = new NameEncoding(destination.charset()).encode(path.value());
            return Optional.empty();
        } catch (UnwritableNameException e) {
            return Optional.of(badName(destination, e));
        }
    }

    /** The failure of an attempt with such a name. */
    static Failure badName(DestinationConfig destination, UnwritableNameException fault) {
        return new Failure(
                FailureKind.BAD_NAME,
                fault.getMessage() + "; that is how destination " + destination.name() + " writes names, as its charset"
                        + " in the configuration says");
    }

    /**
     * The bytes of a path.
     *
     * @throws UnwritableNameException if no bytes stand for exactly this path
     */
    byte[] encode(String path) throws UnwritableNameException {
        byte[] bytes = bytes(path)
                .orElseThrow(() -> new UnwritableNameException(
                        "the name '" + path + "' cannot be written in " + charset.name() + lacking(path)));
        if (count(bytes) != path.chars().filter(c -> c == '/').count()) {
            // ISO-2022-JP, for example: the server would take a part of a character for the end of a directory's name.
            throw new UnwritableNameException("the name '" + path + "' cannot be written in " + charset.name()
                    + ": in its bytes there are slashes that it does not have");
        }
        return bytes;
    }

    private Optional<byte[]> bytes(String text) {
        // The encoder replaces characters that it cannot write. Only decoding the bytes again shows that.
        byte[] bytes = text.getBytes(charset);
        return new String(bytes, charset).equals(text) ? Optional.of(bytes) : Optional.empty();
    }

    private static long count(byte[] bytes) {
        long slashes = 0;
        for (byte b : bytes) {
            slashes += b == '/' ? 1 : 0;
        }
        return slashes;
    }

    private String lacking(String path) {
        return path.codePoints()
                .mapToObj(Character::toString)
                .filter(character -> bytes(character).isEmpty())
                .findFirst()
                .map(character -> ", which has no '" + character + "' of its own")
                .orElse("");
    }

    /** The name that a server sent; empty if its bytes are no text in this character set. */
    Optional<String> decode(byte[] name) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(name))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
