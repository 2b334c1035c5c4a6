package io.waybill.state.live;

import static java.util.Objects.requireNonNull;

import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.DestinationStatus.Outage;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.api.FileAnswer.ProgressAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.FileInFlightAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.WorkerAnswer;
import io.waybill.runtime.status.LiveWorkers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Shows what workers say as the API describes it. */
public final class LiveAnswers {
    private LiveAnswers() {}

    /** What a worker says about a file, if it is about the attempt that the table has. */
    public static Optional<ProgressAnswer> progress(LiveWorkers workers, FileState file) {
        return workers.of(file.id())
                .filter(found -> found.file().sending() == file.phase().attempt().sending()
                        && found.file().attempt() == file.phase().attempt().number())
                .map(found -> new ProgressAnswer(
                        found.worker(),
                        found.at().toString(),
                        found.file().step(),
                        found.file().since().toString(),
                        found.file().done(),
                        found.file().size(),
                        found.file().bytesPerSecond()));
    }

    /**
     * What a worker says about a destination.
     *
     * @param seen       the routes whose files the caller sees
     * @param everything whether these are all files of the destination
     */
    static WorkerAnswer worker(WorkerStatus status, Predicate<RouteName> seen, boolean everything) {
        DestinationStatus destination = requireNonNull(status.destination());
        Outage outage = destination.outage();
        List<FileInFlight> files =
                destination.files().stream().filter(file -> seen.test(file.route())).toList();
        return new WorkerAnswer(
                status.worker(),
                status.at().toString(),
                destination.breaker().name(),
                outage == null ? null : outage.since().toString(),
                outage == null ? null : outage.kind(),
                outage == null ? null : outage.detail(),
                outage == null ? null : outage.nextTry().toString(),
                destination.connections(),
                destination.promised(),
                text(destination.triedAt()),
                destination.hostKey(),
                everything
                        ? destination.bytesPerSecond()
                        : files.stream().mapToLong(FileInFlight::bytesPerSecond).sum(),
                files.stream().map(LiveAnswers::file).toList(),
                everything ? destination.moreFiles() : 0);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static FileInFlightAnswer file(FileInFlight file) {
        return new FileInFlightAnswer(
                file.id().value(),
                file.route().value(),
                file.name(),
                file.sending(),
                file.attempt(),
                file.step(),
                file.since().toString(),
                file.done(),
                file.size(),
                file.bytesPerSecond());
    }
}
