package io.waybill.devstack.servers.s3;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Says which keys a folder can hold, where each object is the file whose path is its key. The others are refused with the
 * codes that S3 has for bad keys; clients do not repeat such requests. Without that, {@code a//b} and {@code x/../a/b}
 * would be the object {@code a/b}.
 */
final class FileKeys {
    /** S3's own limit. */
    private static final int LONGEST_KEY = 1024;

    /** The longest name of a file on common file systems, in bytes. */
    private static final int LONGEST_NAME = 255;

    /** What S3Proxy adds to the name of a file while it is written: a dash and a UUID. */
    private static final int DRAFT = 37;

    /** What S3Proxy adds to the names of parts: {@code .mpus-UUID-} before, a number of five digits after. */
    private static final int PART = 43 + 6;

    private final Path root;

    /**
     * @param root the folder that has a folder for each bucket
     */
    FileKeys(Path root) {
        this.root = root;
    }

    /** The refusal to write an object with this key, if a file cannot have it. */
    Optional<S3Exception> faultOfObject(String bucket, String key) {
        return fault(key, LONGEST_NAME - DRAFT).or(() -> unlistable(key)).or(() -> conflict(bucket, key));
    }

    /** The same for an object that is uploaded in parts. */
    Optional<S3Exception> faultOfParts(String bucket, String key) {
        return fault(key, LONGEST_NAME - DRAFT - PART).or(() -> unlistable(key)).or(() -> conflict(bucket, key));
    }

    /** One such key, and no client could list its bucket any more. */
    private static Optional<S3Exception> unlistable(String key) {
        return key.codePoints().allMatch(FileKeys::isOfXml)
                ? Optional.empty()
                : refusal("InvalidArgument",
                        "The key has a control character that no list of keys can have, because XML"
                                + " has none of them.");
    }

    /** XML 1.0, section 2.2. */
    private static boolean isOfXml(int codePoint) {
        return codePoint == '\t' || codePoint == '\n' || codePoint == '\r'
                || codePoint >= ' ' && codePoint < Character.MIN_SURROGATE
                || codePoint > Character.MAX_SURROGATE && codePoint < 0xFFFE
                || codePoint >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
    }

    /** Whether an object may have this key; if not, there is none. */
    static boolean canExist(String key) {
        return fault(key, LONGEST_NAME).isEmpty();
    }

    private static Optional<S3Exception> fault(String key, int longestName) {
        if (bytes(key) > LONGEST_KEY) {
            return refusal("KeyTooLongError",
                    "Your key is too long: " + bytes(key) + " bytes, and at most " + LONGEST_KEY
                            + " are allowed.");
        }
        // A slash at the end stands for an empty folder.
        String path = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                return refusal("InvalidArgument", "This store keeps each object as a file, and the key has a part that"
                        + " no file can be called: empty, '.', '..' or with a zero byte.");
            }
            if (bytes(name) > longestName) {
                return refusal("KeyTooLongError", "This store keeps each object as a file, and the key has a part of "
                        + bytes(name) + " bytes; at most " + longestName + " are possible here.");
            }
        }
        return Optional.empty();
    }

    /** An object cannot be a folder of another one. */
    private Optional<S3Exception> conflict(String bucket, String key) {
        Path top = root.resolve(bucket);
        Path file = top.resolve(key);
        if (!key.endsWith("/") && Files.isDirectory(file)) {
            return refusal("InvalidRequest", "This store keeps each object as a file, and there are objects below '"
                    + key + "/', so that it is a folder.");
        }
        for (Path folder = file.getParent(); folder != null && !folder.equals(top); folder = folder.getParent()) {
            if (Files.isRegularFile(folder)) {
                return refusal("InvalidRequest", "This store keeps each object as a file, and the object '"
                        + top.relativize(folder) + "' cannot be a folder, too.");
            }
        }
        return Optional.empty();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Optional<S3Exception> refusal(String code, String message) {
        return Optional.of((S3Exception) S3Exception.builder()
                .statusCode(400)
                .message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("S3")
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build());
    }

    static S3Exception noSuchKey(String bucket, String key) {
        return S3Exceptions.noSuchKey(bucket, key, "");
    }
}
