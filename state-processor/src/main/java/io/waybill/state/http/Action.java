package io.waybill.state.http;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileState;
import io.waybill.domain.Status;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/** A request of an operator about one file or many files. */
enum Action {
    REDRIVE,
    CANCEL,
    /** Only for one file at a time: what many files wait for is released. */
    RETRY;

    /** The statuses of the files that the request may change. */
    Set<Status> statuses() {
        return switch (this) {
            case REDRIVE -> Set.of(Status.FAILED, Status.TIMED_OUT);
            case CANCEL -> Set.of(Status.PENDING, Status.STARTED);
            case RETRY -> Set.of(Status.PENDING);
        };
    }

    /** The name of the action in addresses. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    FileEvent event(FileState file, Instant at, int sending, String by, String reason) {
        return switch (this) {
            case REDRIVE -> new RedriveRequested(file.id(), at, sending, by, reason);
            case CANCEL -> new CancelRequested(file.id(), at, sending, by, reason);
            case RETRY -> DeadlineReached.now(file, at, new DeadlineReached.Asked(by, reason));
        };
    }
}
