package io.waybill.devstack.servers.s3;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The space that is left on the disk of a data directory. Store and SFTP server stop to take bytes while there is still
 * space, because the broker on the same disk ends the whole process when it cannot write. Safe for several threads.
 */
public final class DiskSpace {
    /** What the stack keeps for the logs of the broker and the services, in bytes. */
    public static final long RESERVE = 256L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final int INSUFFICIENT_STORAGE = 507; // clients repeat 500, 502, 503 and 504

    private final Path directory;
    private final LongSupplier usable;
    private final AtomicBoolean told = new AtomicBoolean();

    /** The space for files in a directory, which need not exist as long as its parent does. */
    public DiskSpace(Path directory) {
        this(directory, () -> existing(directory).toFile().getUsableSpace());
    }

    /**
     * The same, with another look at the disk.
     *
     * @param usable the number of bytes that can still be written
     */
    public DiskSpace(Path directory, LongSupplier usable) {
        this.directory = directory;
        this.usable = usable;
    }

    private static Path existing(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        while (!path.toFile().exists() && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    /** Whether a number of bytes more would leave the reserve alone. Warns at the first no of several in a row. */
    public boolean takes(long bytes) {
        long free = usable.getAsLong();
        boolean takes = free - bytes >= RESERVE;
        if (takes) {
            told.set(false);
        } else if (told.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("free", mebibytes(free))
                    .addKeyValue("wanted", mebibytes(bytes))
                    .addKeyValue("reserve", mebibytes(RESERVE))
                    .log("Disk almost full; S3 and SFTP take no more files until there is space");
        }
        return takes;
    }

    /** Refuses a request as a store with a full disk does, if the bytes would touch the reserve. */
    void require(long bytes) {
        if (!takes(bytes)) {
            throw refusal("the disk of " + directory + " has " + mebibytes(usable.getAsLong()) + " left; "
                    + mebibytes(RESERVE) + " of it are reserved");
        }
    }

    /** For people, such as {@code 12 MiB}. */
    public static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%d MiB", bytes >> 20);
    }

    /** Whether the free space, for people, is too little to start with; empty text if it is enough. */
    public String faultAtStart() {
        long free = usable.getAsLong();
        return free >= RESERVE ? "" : mebibytes(free) + " are free, and the stack needs " + mebibytes(RESERVE);
    }

    static AwsServiceException refusal(String message) {
        return S3Exception.builder()
                .statusCode(INSUFFICIENT_STORAGE)
                .message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("S3")
                        .errorCode("InsufficientStorage")
                        .errorMessage(message)
                        .build())
                .build();
    }

    /** Whether a failure comes from a full disk. The JDK has no exception of its own for it. */
    public static boolean isFull(Throwable failure) {
        return Causes.find(failure, IOException.class).map(DiskSpace::saysFull).orElse(false);
    }

    private static boolean saysFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }
}
