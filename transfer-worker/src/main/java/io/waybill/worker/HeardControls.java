package io.waybill.worker;

import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.runtime.topic.ControlsReader;
import io.waybill.worker.commit.ReleaseSender;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.connections.GuardedSource;
import io.waybill.worker.delivery.HaltedWork;
import io.waybill.worker.delivery.WithdrawnWork;
import org.jspecify.annotations.Nullable;

/** What a worker does with the records of {@code controls}. For the thread that reads them; does not wait. */
final class HeardControls implements ControlsReader.Listener {
    private final String id;
    private final WithdrawnWork withdrawn;
    private final HaltedWork halted;
    private final ConnectionPool connections;
    private final GuardedSource source;
    private final ReleaseSender releases;

    /**
     * @param id this worker's name
     */
    HeardControls(
            String id,
            WithdrawnWork withdrawn,
            HaltedWork halted,
            ConnectionPool connections,
            GuardedSource source,
            ReleaseSender releases) {
        this.id = id;
        this.withdrawn = withdrawn;
        this.halted = halted;
        this.connections = connections;
        this.source = source;
        this.releases = releases;
    }

    @Override
    public void read(FileId key, @Nullable ControlRecord record) {
        switch (record) {
            case null -> withdrawn.apply(key, null);
            case Control control -> withdrawn.apply(key, control);
            case Release release -> released(release);
            case Suspension suspension -> halted.heard(suspension);
            case ControlRecord.Approval _ -> {
                // For the state-processor, which asks the second person.
            }
        }
    }

    private void released(Release release) {
        boolean own = release.cause() != Release.Cause.ASKED && release.by().equals(id);
        if (!own && movesForward(release)) {
            // Files that the state-processor handed out before this worker heard of the release were deferred again.
            releases.due(release.place(), Release.Cause.STARTED);
        }
    }

    private boolean movesForward(Release release) {
        return switch (release.place()) {
            case Place.Destination(var name) -> connections.release(name, release.cause());
            case Place.Bucket(var name) -> source.release(name, release.cause());
        };
    }
}
