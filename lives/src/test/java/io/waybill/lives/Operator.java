package io.waybill.lives;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Resolution;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import java.time.Instant;
import java.util.List;

/** The person who asks for things. */
final class Operator {
    private final World world;

    Operator(World world) {
        this.world = world;
    }

    /** What people do with a file. */
    void operate(Fault fault) {
        List<FileState> files = world.state().files();
        if (files.isEmpty()) {
            return;
        }
        FileState file = files.get(fault.which() % files.size());
        world.faults().happened(fault);
        switch (fault.kind()) {
            case REDRIVE -> redrive(file.id());
            case CANCEL -> cancel(file.id());
            case CANCEL_THEN_REDRIVE -> {
                cancel(file.id());
                world.kernel().after(fault.millis(), () -> redrive(file.id()));
            }
            case RESOLVE_DELIVERED -> resolve(file.id(), Resolution.DELIVERED);
            case RESOLVE_RESEND -> resolve(file.id(), Resolution.RESEND);
            case RETRY -> retry(file);
            case RESEND -> resend(file.id(), fault.which() / 4 % 2 == 1);
            case FORGET -> forget(file, fault.millis());
            case RETRY_DESTINATION -> release(new Place.Destination(
                    world.setting().destinationOf(fault.which() % 2 == 0 ? "/in/" : "/out/")));
            default -> throw new AssertionError(fault);
        }
    }

    /** What people do with a destination or a route. Some say at once when the pause ends. */
    void pause(Fault fault) {
        DestinationName hit = world.hit(fault);
        Subject subject = fault.kind() == Fault.Kind.ROUTE_PAUSED
                ? new Subject.OfRoute(world.setting().routeTo(hit))
                : new Subject.Destination(hit);
        Instant now = world.kernel().instant();
        Instant until = fault.which() / 4 % 2 == 0 ? null : now.plusMillis(Math.max(1, fault.millis()));
        world.suspend(world.suspension(subject).paused(now, until, "operator", "asked"));
        if (until == null) {
            world.kernel().after(fault.millis(), () -> resume(subject));
        }
    }

    private void resume(Subject subject) {
        Suspension paused = world.suspension(subject);
        if (paused.present(world.kernel().instant()).isPresent()) {
            world.suspend(paused.resumed(world.kernel().instant(), "operator", "asked"));
        }
    }

    private int sending(FileId id) {
        return world.state().of(id.value()).phase().attempt().sending();
    }

    private void redrive(FileId id) {
        world.tell(new FileEvent.RedriveRequested(id, world.kernel().instant(), sending(id), "operator", "asked"));
    }

    private void resend(FileId id, boolean announce) {
        world.tell(new FileEvent.ResendRequested(
                id, world.kernel().instant(), sending(id), "operator", "asked", announce));
    }

    private void forget(FileState file, long toldAgain) {
        world.tell(new FileEvent.ForgetRequested(
                file.id(), world.kernel().instant(), sending(file.id()), "operator", "asked"));
        if (!file.forgotten()) {
            world.kernel().after(toldAgain, () -> world.tell(new FileEvent.Arrived(
                    file.id(), world.kernel().instant(), file.route(), file.source())));
        }
    }

    private void cancel(FileId id) {
        world.tell(new FileEvent.CancelRequested(id, world.kernel().instant(), sending(id), "operator", "asked"));
    }

    /** As the HTTP API does it: what the file waits for is tried at once, too. */
    private void retry(FileState file) {
        Place.of(file).forEach(this::release);
        world.tell(FileEvent.DeadlineReached.now(
                file, world.kernel().instant(), new FileEvent.DeadlineReached.Asked("operator", "asked")));
    }

    private void release(Place place) {
        world.release(new Release(place, world.kernel().instant(), Release.Cause.ASKED, "operator", "asked"));
    }

    private void resolve(FileId id, Resolution how) {
        world.tell(new FileEvent.ResolveRequested(id, world.kernel().instant(), sending(id), "operator", "asked", how));
    }
}
