package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.Attempt;
import io.waybill.domain.Control;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.sftp.Connector;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.SpareConnections;
import io.waybill.store.ObjectReader;
import io.waybill.store.StoreDownException;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.commit.ReleaseSender;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.connections.GuardedSource;
import io.waybill.worker.connections.SourceDownException;
import io.waybill.worker.delivery.HaltedWork;
import io.waybill.worker.delivery.WithdrawnWork;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker whose store is away does when others say something. */
final class HeardControlsTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(GuardedSource.class);

    private static final Place OUTBOUND = new Place.Bucket("outbound");
    private static final FileId FILE = new FileId("abcdefghijklmnopqrstuvwxyz");

    private final HandClock time = new HandClock();
    private final Topics topics = Topics.from(
            new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final ReleaseSender releases = new ReleaseSender(topics, "worker-1", time);
    private final GuardedSource source = new GuardedSource(new Away(), WorkerMetrics.NONE, time, releases::reached);
    private final WithdrawnWork withdrawn = new WithdrawnWork();
    private final ConnectionPool connections = new ConnectionPool(new NoRoute(), WorkerMetrics.NONE, time);
    private final HaltedWork halted = new HaltedWork(new Halts(Map.of()), releases::due, time);
    private final HeardControls heard =
            new HeardControls("worker-1", withdrawn, halted, connections, source, releases);

    private static final class NoRoute implements Connector {
        @Override
        public RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException {
            throw new TransferException(FailureKind.UNREACHABLE, "no route");
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private static final class Away implements ObjectReader {
        @Override
        public InputStream open(SourceObject object) throws TransferException {
            throw new StoreDownException("refused", new IOException("refused"));
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private void hear(Place place, Release.Cause cause, String by) {
        var release = new Release(place, Instant.EPOCH, cause, by);
        heard.read(release.key(), release);
    }

    private List<ProducerRecord<byte[], byte[]>> said() {
        List<ProducerRecord<byte[], byte[]>> said = new ArrayList<>();
        releases.handOut((records, end) -> {
            said.addAll(records);
            end.accept(Optional.empty());
        });
        return said;
    }

    private void goesDown() {
        assertThatExceptionOfType(SourceDownException.class)
                .isThrownBy(() -> source.open(Works.object("a", new byte[1])));
    }

    @Test
    void shouldLetFilesBeTriedAgainThatItPutOffBeforeItHeardThatAPersonAsks() {
        goesDown();

        hear(OUTBOUND, Release.Cause.ASKED, "ann");

        assertThat(said()).hasSize(1);
    }

    @Test
    void shouldSayNothingWhereItKnowsOfNoOutageAndNeverAnswerItself() {
        hear(OUTBOUND, Release.Cause.ASKED, "ann");
        goesDown();
        hear(OUTBOUND, Release.Cause.STARTED, "worker-2");
        hear(OUTBOUND, Release.Cause.CONNECTED, "worker-1");

        assertThat(said()).isEmpty();
    }

    @Test
    void shouldHearOfFilesAsBefore() {
        var control = new Control(FILE, 1, Control.Kind.CANCELLED, Instant.EPOCH);

        heard.read(FILE, control);
        assertThat(withdrawn.of(FILE, Attempt.FIRST)).contains(Control.Kind.CANCELLED);

        heard.read(FILE, null);
        assertThat(withdrawn.size()).isZero();
    }
}
