package io.waybill.devstack.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 store over a local folder. It announces each object that is created in it, as AWS S3 does.
 *
 * <p>It requires path-style addresses and signed requests. It has the bucket {@code inbox} from its first start. Each
 * object is a file in the folder. The ETag and the attributes are extended attributes of that file, so both survive
 * restarts with it. The store cannot hold what the file system cannot name: a key part of more than 255 bytes, or a key
 * that is a folder of another one ({@code a} beside {@code a/b}).
 *
 * <p>One thread starts and closes it.
 */
public final class EmbeddedS3 implements AutoCloseable {
    public static final String ACCESS_KEY = "waybill";
    public static final String SECRET_KEY = "waybill-secret";
    public static final String BUCKET = "inbox";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedS3.class);
    private static final long STOP_LIMIT_MILLIS = 500;

    private final Path dir;
    private final int wantedPort;
    private final NotificationSink sink;
    private final InstantSource clock;
    private @Nullable S3Proxy proxy;
    private int port;

    /**
     * @param dir  holds a folder for each bucket; the store makes it if it does not exist; on a file system with
     *             extended attributes
     * @param port or 0 for a free one
     * @param sink the store does not close it; it must outlive the store
     */
    public EmbeddedS3(Path dir, int port, NotificationSink sink, InstantSource clock) {
        this.dir = dir.toAbsolutePath().normalize(); // with a relative root S3Proxy lists nothing
        this.wantedPort = port;
        this.sink = Objects.requireNonNull(sink, "sink");
        this.clock = Objects.requireNonNull(clock, "clock");
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
        var store = new NotifyingBlobStore(new FilesystemNio2BlobStore(dir.toString()), sink, marks, clock);
        if (!store.containerExists(BUCKET)) {
            store.createContainer(BUCKET);
        }
        int missed = store.announceMissed();
        if (missed > 0) {
            LOG.atInfo().addKeyValue("objects", missed).log("S3 objects announced that a former run had not");
        }
        port = Ports.resolve(wantedPort);
        var starting = S3Proxy.builder()
                .blobStore(store)
                .endpoint(endpoint())
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .stopTimeout(STOP_LIMIT_MILLIS)
                .build();
        proxy = starting;
        run(starting::start, "start");
    }

    /** Valid after the start. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Gives running requests half a second, then breaks them off. */
    @Override
    public void close() throws IOException {
        var stopping = proxy;
        proxy = null;
        if (stopping != null) {
            run(() -> stopOrBreakOff(stopping), "stop");
        }
    }

    private static void stopOrBreakOff(S3Proxy stopping) throws Exception {
        try {
            stopping.stop();
        } catch (TimeoutException brokenOff) {
            // Thrown after everything has stopped: some request or connection did not end in time.
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** S3Proxy declares {@code Exception}. What it throws is I/O or a bug. */
    private static void run(Step step, String what) throws IOException {
        try {
            step.run();
        } catch (IOException | RuntimeException as) {
            throw as;
        } catch (Exception broken) {
            throw new IOException("the embedded S3 store did not " + what, broken);
        }
    }
}
