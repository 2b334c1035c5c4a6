package io.waybill.worker;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver one file over one connection, in steps that are taken one by one: {@link #stage}, then
 * {@link #publish}; {@link #abandon} after a failure of either. One thread.
 */
final class DeliveryAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryAttempt.class);

    private final TransferWork work;
    private final DestinationConfig destination;
    private final RemoteFiles files;
    private final SourceReader source;
    private final Mandate mandate;
    private final WorkerMetrics metrics;
    private final InstantSource time;
    private final Instant began;
    private @Nullable RemotePath unpublished;

    DeliveryAttempt(
            TransferWork work,
            DestinationConfig destination,
            RemoteFiles files,
            SourceReader source,
            Mandate mandate,
            WorkerMetrics metrics,
            InstantSource time) {
        this.work = work;
        this.destination = destination;
        this.files = files;
        this.source = source;
        this.mandate = mandate;
        this.metrics = metrics;
        this.time = time;
        this.began = time.instant();
    }

    /** Uploads the file and proves it, under its staging name if the server can rename. */
    Staged stage() throws TransferException, MandateLostException {
        var stager = new Stager(work, destination, files);
        var upload = new Upload(work.source(), mandate, metrics);
        try (InputStream content = source.open(work.source())) {
            if (Capability.classOf(files.capabilities()) != DestinationClass.D) {
                unpublished = StagingNames.staging(destination.staging(), work);
                return stager.stage(content, upload);
            }
            RemotePath target = new Publisher(work, files).directTarget();
            unpublished = target;
            return stager.writeDirectly(target, content, upload);
        } catch (IOException e) {
            throw new IllegalStateException("closing a source must not fail", e);
        }
    }

    /**
     * Gives the staged file its final name.
     *
     * @throws UnsupportedRequestException if it turns out that the server cannot rename; staging anew then writes
     *                                     directly
     */
    Receipt publish(Staged staged) throws TransferException {
        RemotePath path = new Publisher(work, files).publish(staged);
        unpublished = null;
        Duration taken = Duration.between(began, time.instant());
        return new Receipt(
                path,
                staged.bytes(),
                staged.sha256(),
                staged.proof(),
                Capability.classOf(files.capabilities()),
                taken.isNegative() ? Duration.ZERO : taken);
    }

    /** Removes what was written and not published, if the connection still allows it. */
    void abandon() {
        RemotePath leftover = unpublished;
        if (leftover == null || !files.isOpen()) {
            return;
        }
        try {
            files.remove(leftover);
            unpublished = null;
        } catch (TransferException e) {
            // The next attempt has a name of its own; the leftover is the janitor's.
            LOG.atDebug()
                    .addKeyValue("fileId", work.id())
                    .addKeyValue("destination", destination.name())
                    .addKeyValue("attempt", work.attempt())
                    .setCause(e)
                    .log("A staging file could not be removed");
        }
    }
}
