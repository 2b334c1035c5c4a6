package io.waybill.devstack.servers;

import io.waybill.devstack.servers.s3.DiskSpace;
import io.waybill.devstack.servers.s3.FolderStore;
import io.waybill.devstack.servers.s3.S3HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 store over a local folder. It announces each object that is created in it, as AWS S3 does.
 *
 * <p>It requires path-style addresses and signed requests. It has the bucket {@code inbox} from its first start. Each
 * object is a file in the folder. The ETag and the attributes are extended attributes of that file, so both survive
 * restarts with it. The store refuses keys that no file can have: with an empty part, {@code .} or {@code ..}, with a
 * part of more than 218 bytes (169 if the object is uploaded in parts), a key that is a folder of another one
 * ({@code a} beside {@code a/b}), and a key with characters that no XML, so no list, can have. It takes no object that would fill the disk.
 *
 * <p>One thread starts and closes it.
 */
public final class EmbeddedS3 implements AutoCloseable {
    public static final String ACCESS_KEY = "waybill";
    public static final String SECRET_KEY = "waybill-secret";
    public static final String BUCKET = "inbox";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedS3.class);
    private static final Pattern BUCKET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,254}");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Path dir;
    private final int wantedPort;
    private final NotificationSink sink;
    private final InstantSource clock;
    private final DiskSpace space;
    private @Nullable S3HttpServer server;
    private int port;

    /**
     * @param dir  holds a folder for each bucket; the store makes it if it does not exist; on a file system with
     *             extended attributes
     * @param port or 0 for a free one
     * @param sink the store does not close it; it must outlive the store
     */
    public EmbeddedS3(Path dir, int port, NotificationSink sink, InstantSource clock) {
        this(dir, port, sink, clock, new DiskSpace(dir));
    }

    /** The same, with a given eye on the disk. */
    EmbeddedS3(Path dir, int port, NotificationSink sink, InstantSource clock, DiskSpace space) {
        this.dir = dir.toAbsolutePath().normalize(); // with a relative root S3Proxy lists nothing
        this.wantedPort = port;
        this.sink = Objects.requireNonNull(sink, "sink");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.space = space;
    }

    /**
     * Announces what the previous run could not announce. Then serves.
     *
     * @throws IOException if the directory cannot be used or the port cannot be bound
     */
    public void start() throws IOException {
        Files.createDirectories(dir);
        var marks = new AnnouncedMarks(dir);
        marks.requireSupport();
        var store = new NotifyingBlobStore(new FolderStore(dir, space), sink, marks, clock);
        if (!store.containerExists(BUCKET)) {
            store.createContainer(BUCKET);
        }
        int missed = store.announceMissed();
        if (missed > 0) {
            LOG.atInfo().addKeyValue("objects", missed).log("S3 objects announced that a former run had not");
        }
        port = Ports.resolve(wantedPort);
        var starting = new S3HttpServer(endpoint(), store, ACCESS_KEY, SECRET_KEY, clock);
        server = starting;
        starting.start();
    }

    /** Whether the store can have a bucket of this name. */
    public static boolean isBucketName(String name) {
        return BUCKET_NAME.matcher(name).matches() && !ADDRESS.matcher(name).matches() && !name.endsWith(".");
    }

    /** Valid after the start. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Gives running requests half a second, then breaks them off. */
    @Override
    public void close() throws IOException {
        var stopping = server;
        server = null;
        if (stopping != null) {
            stopping.close();
        }
    }
}
