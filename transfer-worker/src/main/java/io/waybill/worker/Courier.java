package io.waybill.worker;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.worker.LaneConnections.Loan;
import java.time.InstantSource;
import java.util.Map;

/** Carries files from the store to the configured destinations. */
final class Courier implements Carrier {
    private final Map<DestinationName, DestinationConfig> destinations;
    private final SourceReader source;
    private final LaneConnections connections;
    private final WorkerMetrics metrics;
    private final InstantSource time;

    Courier(
            Map<DestinationName, DestinationConfig> destinations,
            SourceReader source,
            LaneConnections connections,
            WorkerMetrics metrics,
            InstantSource time) {
        this.destinations = Map.copyOf(destinations);
        this.source = source;
        this.connections = connections;
        this.metrics = metrics;
        this.time = time;
    }

    @Override
    public Outcome carry(TransferWork work, Lane lane, Mandate mandate) {
        DestinationConfig destination = destinations.get(work.target().destination());
        if (destination == null) {
            return new Outcome.NotDelivered(new Failure(
                    FailureKind.UNKNOWN_DESTINATION,
                    "this worker's configuration has no destination '" + work.target().destination() + "', only "
                            + destinations.keySet()));
        }
        try (Loan loan = connections.borrow(lane, destination)) {
            var attempt =
                    new DeliveryAttempt(work, destination, loan.files(), source, mandate, metrics, time);
            try {
                return deliver(attempt, mandate);
            } finally {
                attempt.abandon();
            }
        } catch (TransferException e) {
            return new Outcome.NotDelivered(e.failure());
        } catch (MandateLostException e) {
            return new Outcome.Dropped();
        }
    }

    private static Outcome deliver(DeliveryAttempt attempt, Mandate mandate)
            throws TransferException, MandateLostException {
        try {
            Staged staged = attempt.stage();
            mandate.check();
            return new Outcome.Delivered(attempt.publish(staged));
        } catch (UnsupportedRequestException e) {
            // Now it is known that the server cannot do this, and the second try goes another way.
            attempt.abandon();
            mandate.check();
            return new Outcome.Delivered(attempt.publish(attempt.stage()));
        }
    }
}
