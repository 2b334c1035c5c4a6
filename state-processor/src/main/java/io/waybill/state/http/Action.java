package io.waybill.state.http;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResendRequested;
import io.waybill.domain.FileState;
import io.waybill.domain.Status;
import io.waybill.runtime.api.OperatorRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/** A request of an operator about one file or many files. */
enum Action {
    REDRIVE,
    RESEND,
    CANCEL,
    /** Only for one file at a time: nobody forgets files by mistake. */
    FORGET,
    /** Only for one file at a time: what many files wait for is released. */
    RETRY;

    /** The statuses of the files that the request may change. */
    Set<Status> statuses() {
        return switch (this) {
            case REDRIVE -> Set.of(Status.FAILED, Status.TIMED_OUT);
            case RESEND -> Set.of(Status.COMPLETED);
            case FORGET -> Set.of(Status.COMPLETED, Status.FAILED, Status.TIMED_OUT);
            case CANCEL -> Set.of(Status.PENDING, Status.STARTED);
            case RETRY -> Set.of(Status.PENDING);
        };
    }

    /** Whether it sends a file again, so that a person can force it. */
    boolean sendsAgain() {
        return this == REDRIVE || this == RESEND;
    }

    /** The name of the action in addresses. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    FileEvent event(FileState file, Instant at, int sending, OperatorRequest request) {
        String by = request.by();
        String reason = request.reason();
        return switch (this) {
            case REDRIVE -> new RedriveRequested(file.id(), at, sending, by, reason);
            case RESEND -> new ResendRequested(file.id(), at, sending, by, reason, request.announce());
            case FORGET -> new ForgetRequested(file.id(), at, sending, by, reason);
            case CANCEL -> new CancelRequested(file.id(), at, sending, by, reason);
            case RETRY -> DeadlineReached.now(file, at, new DeadlineReached.Asked(by, reason));
        };
    }
}
