package io.waybill.runtime.api.live;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.runtime.api.FileAnswer.HaltAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination: its configuration, its files, and what the workers that live say about it.
 *
 * @param maxConnections over all workers
 * @param inFlight       files at one time over one connection
 * @param hostKeys       the pinned fingerprints
 * @param routes         those that deliver there, as far as the caller sees them
 * @param files          the files for the destination that the caller sees
 * @param halts          why files may not start now
 * @param workers        by their names; one that never worked for the destination is left out
 */
public record DestinationAnswer(
        String name,
        String host,
        int port,
        String user,
        String root,
        int maxConnections,
        int inFlight,
        List<String> hostKeys,
        List<String> routes,
        FilesAnswer files,
        List<HaltAnswer> halts,
        List<WorkerAnswer> workers) {
    public DestinationAnswer {
        requireNonNull(name, "name");
        requireNonNull(files, "files");
        hostKeys = List.copyOf(hostKeys);
        routes = List.copyOf(routes);
        halts = List.copyOf(halts);
        workers = List.copyOf(workers);
    }

    /** The same with other counts. */
    public DestinationAnswer with(FilesAnswer others) {
        return new DestinationAnswer(
                name, host, port, user, root, maxConnections, inFlight, hostKeys, routes, others, halts, workers);
    }

    /**
     * How many files for the destination are in the table.
     *
     * @param queued   PENDING, and not held back
     * @param waiting  PENDING, and held back after a failure or a deferral
     * @param failed   without those in doubt
     * @param inDoubt  FAILED, and only a person can say whether they were delivered
     */
    public record FilesAnswer(
            long queued, long waiting, long started, long completed, long failed, long inDoubt, long timedOut) {
        public FilesAnswer plus(FilesAnswer other) {
            return new FilesAnswer(
                    queued + other.queued,
                    waiting + other.waiting,
                    started + other.started,
                    completed + other.completed,
                    failed + other.failed,
                    inDoubt + other.inDoubt,
                    timedOut + other.timedOut);
        }
    }

    /**
     * What one worker says.
     *
     * @param at               when it said so, ISO 8601 in UTC
     * @param breaker          CLOSED, OPEN or LIMITED
     * @param downSince        while the breaker is not closed
     * @param failure          its kind; while the breaker is not closed
     * @param detail           for people; while the breaker is not closed
     * @param nextTry          while the breaker is not closed
     * @param connections      that are open
     * @param destinationClass A, B, C or D, as far as the server has shown it
     * @param triedAt          when the worker last tried to connect
     * @param hostKey          the fingerprint that the server showed last
     * @param bytesPerSecond   lately, over all files
     * @param files            in flight that the caller sees, the largest first
     * @param moreFiles        how many more are in flight; 0 for a caller who does not see all files of the destination
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WorkerAnswer(
            String worker,
            String at,
            String breaker,
            @Nullable String downSince,
            @Nullable String failure,
            @Nullable String detail,
            @Nullable String nextTry,
            int connections,
            @Nullable String destinationClass,
            @Nullable String triedAt,
            @Nullable String hostKey,
            long bytesPerSecond,
            List<FileInFlightAnswer> files,
            int moreFiles) {
        public WorkerAnswer {
            requireNonNull(worker, "worker");
            requireNonNull(breaker, "breaker");
            files = List.copyOf(files);
        }
    }

    /**
     * A file that a worker delivers now.
     *
     * @param name           the last part of its path at the destination
     * @param step           the last one that it reached
     * @param since          when the attempt began
     * @param done           bytes that the destination has acknowledged
     * @param bytesPerSecond lately
     */
    public record FileInFlightAnswer(
            String id,
            String route,
            String name,
            int sending,
            int attempt,
            String step,
            String since,
            long done,
            long size,
            long bytesPerSecond) {
        public FileInFlightAnswer {
            requireNonNull(id, "id");
        }
    }
}
