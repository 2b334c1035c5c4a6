package io.waybill.devstack.servers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;

/**
 * Remembers which objects were announced, in an extended attribute of each object's file.
 *
 * <p>The attribute holds the values that make the object's content one file for Waybill: its ETag and the second of its
 * last modification. So a mark never stands for a newer object with the same name, even if it is set late. The
 * attribute disappears with the file. Setting it does not change the modification time.
 */
final class AnnouncedMarks {
    private static final String ATTRIBUTE = "waybill.announced";
    private static final int LONGEST_MARK = 256;

    private final Path root;

    /**
     * @param root the folder that has a folder for each bucket
     */
    AnnouncedMarks(Path root) {
        this.root = root;
    }

    /** Fails if the file system has no extended attributes. The store needs them as well. */
    void requireSupport() throws IOException {
        var probe = Files.createTempFile(root.toAbsolutePath().getParent(), "probe", null);
        try {
            var view = view(probe);
            view.write(ATTRIBUTE, ByteBuffer.wrap(new byte[] {1}));
        } catch (IOException | UnsupportedOperationException unsupported) {
            throw new IOException(
                    "the file system of " + root + " has no extended attributes, which the embedded S3 store needs;"
                            + " choose a data directory on another one",
                    unsupported);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** Does nothing if the object no longer exists. */
    void set(String bucket, String key, String eTag, Instant lastModified) throws IOException {
        try {
            view(fileOf(bucket, key)).write(ATTRIBUTE, mark(eTag, lastModified));
        } catch (NoSuchFileException gone) {
            // The object was deleted meanwhile, so nothing can be announced twice.
        }
    }

    boolean has(String bucket, String key, String eTag, Instant lastModified) throws IOException {
        var found = ByteBuffer.allocate(LONGEST_MARK);
        try {
            // Do not ask first whether the attribute exists, because each question opens the file once more.
            view(fileOf(bucket, key)).read(ATTRIBUTE, found);
        } catch (FileSystemException absent) {
            return false;
        }
        return found.flip().equals(mark(eTag, lastModified));
    }

    private static ByteBuffer mark(String eTag, Instant lastModified) {
        return StandardCharsets.UTF_8.encode(eTag + '@' + lastModified.getEpochSecond());
    }

    private Path fileOf(String bucket, String key) {
        return root.resolve(bucket).resolve(key);
    }

    private static UserDefinedFileAttributeView view(Path file) {
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (view == null) {
            throw new UnsupportedOperationException("no extended attributes");
        }
        return view;
    }
}
