package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.Destinations;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.upload.StagingNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files right below a destination's root, wherever that is. */
final class RootDirectoryTest extends DestinationDeliveryFixture {
    @ParameterizedTest
    @CsvSource({
            "PREFIX, tmp-, REPLACE, ''", "SUFFIX, .part, REPLACE, ''", "PREFIX, tmp-, KEEP_BOTH, ''",
            "SUFFIX, .part, REFUSE, ''", "PREFIX, tmp-, REPLACE, posix-rename@openssh.com",
            "SUFFIX, .part, REPLACE, posix-rename@openssh.com", "DIRECTORY, .waybill, REPLACE, ''"
    })
    void shouldDeliverRightBelowTheRootHoweverFilesAreStaged(
            Staging.Kind kind, String text, ConflictPolicy policy, String unknown) throws Exception {
        start(unknown);
        if (policy != ConflictPolicy.REFUSE) {
            Files.writeString(served.resolve("a.csv"), "older");
        }

        Outcome outcome = delivery(new Staging(kind, text), "/").deliver(
                deliver(store.put("a", ascii("new")), "/a.csv", policy, Proof.SIZE, true), LANE, new FakeJournal());

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a.csv")).hasContent(policy == ConflictPolicy.KEEP_BOTH ? "older" : "new");
    }

    @ParameterizedTest
    @CsvSource({"PREFIX, tmp-", "SUFFIX, .part"})
    void shouldRemoveWhatIsLeftRightBelowTheRoot(Staging.Kind kind, String text) throws Exception {
        start();
        var staging = new Staging(kind, text);
        TransferWork work = deliver(store.put("a", ascii("new")), "/a.csv");
        Path left = at(StagingNames.staging(staging, work, "p0-tag7-abcdefgh"));
        Files.writeString(left, "part");
        Files.writeString(served.resolve("tmp-a.part"), "the partner's");

        assertThat(delivery(staging, "/").sweep(LANE, "/", names -> names)).isEqualTo(1);

        assertThat(left).doesNotExist();
        assertThat(served.resolve("tmp-a.part")).exists();
    }

    private Path at(RemotePath path) {
        return served.resolve(path.value().substring(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "~/in/box", "/in/box"})
    void shouldDeliverBelowTheDirectoryInWhichTheLoginBegins(String root) throws Exception {
        start();
        Path inbox = served.resolve(root.equals("~") ? "" : "in/box");
        Files.createDirectories(inbox);

        Outcome outcome = delivery(Staging.DEFAULT, root).deliver(
                deliver(store.put("a", ascii("new")), "/x/a.csv", ConflictPolicy.REPLACE, Proof.READBACK, true),
                LANE,
                new FakeJournal());

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(inbox.resolve("x/a.csv")).hasContent("new");
    }

    private DestinationDelivery delivery(Staging staging, String root) {
        DestinationConfig destination = Destinations.withRoot(
                Destinations.withStaging(Destinations.at(server, server.port(), Duration.ofSeconds(30)), staging),
                root);
        return new DestinationDelivery(
                Map.of(destination.name(), destination), store, connections(), WorkerMetrics.NONE,
                ProcessClock.system());
    }
}
