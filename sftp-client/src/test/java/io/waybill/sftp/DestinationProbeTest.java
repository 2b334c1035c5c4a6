package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.ServerReport.Trial;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a probe says of servers that do wrong. */
final class DestinationProbeTest {
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;

    private final SftpConnector connector = new SftpConnector();
    private Instant now = Instant.EPOCH;
    private RogueSftpServer server;

    @TempDir
    private Path served;

    @BeforeEach
    void start() {
        server = RogueSftpServer.start(served);
    }

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void shouldFindOutThatOnlyOneFileMayBeOpen() throws Exception {
        server.oneHandleAtATime();

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.handleLimit()).hasValue(1);
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldTellWhatIsOfferedFromWhatIsKept() throws Exception {
        server.refuse("posix-rename", FAILURE).refuse("setstat", PERMISSION_DENIED).refuse("stat", PERMISSION_DENIED);

        ServerReport report = probe();

        assertThat(report.extensions()).contains("posix-rename@openssh.com");
        Trial trial = report.trial().orElseThrow();
        assertThat(trial.destinationClass()).isEqualTo(DestinationClass.NON_ATOMIC);
        assertThat(trial.lacks()).contains(Capability.REPLACE, Capability.TRUNCATE);
        assertThat(trial.size()).isFalse();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldCountTheChannelsThatAFileMayGoOver() throws Exception {
        server.channels(3);

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.channels()).isEqualTo(3);
        assertThat(trial.anyOrder()).hasValue(true);
        assertThat(trial.channelsOfAFile()).hasValue(3);
        assertThat(trial.keeps()).contains(Capability.STRIPES);
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldFindOutThatBytesMustComeInOrder() throws Exception {
        server.appendOnly();

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.anyOrder()).hasValue(false);
        assertThat(trial.channelsOfAFile()).hasValue(1);
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(NameFolding.class)
    void shouldProposeWhichNamesTheServerTakesForOne(NameFolding folding) throws Exception {
        server.foldNames(name -> folding.fold(new RemotePath("/" + name)));

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.foldNames()).contains(folding);
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldProposeNothingWhereNamesCannotBeLookedAt() throws Exception {
        server.refuse("stat", PERMISSION_DENIED);

        assertThat(probe().trial().orElseThrow().foldNames()).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldCompareCaseAloneWhereTheCharsetHasOneFormOnly() throws Exception {
        server.foldNames(name -> NameFolding.BOTH.fold(new RemotePath("/" + name)));
        DestinationConfig latin =
                Destinations.withCharset(Destinations.of(server), StandardCharsets.ISO_8859_1);

        assertThat(connector.probe(latin, stem(), clock(() -> now)).trial().orElseThrow().foldNames())
                .contains(NameFolding.CASE);
    }

    @Test
    void shouldFindOutThatAConnectionHasOneChannel() throws Exception {
        server.channels(1);

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.channels()).isEqualTo(1);
        assertThat(trial.channelsOfAFile()).hasValue(1);
    }

    @Test
    void shouldNotTellTheOrderOfBytesFromARefusalOfSomethingElse() throws Exception {
        server.refuse("stat", PERMISSION_DENIED);

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.channels()).isEqualTo(10);
        assertThat(trial.anyOrder()).isEmpty();
        assertThat(trial.channelsOfAFile()).isEmpty();
        assertThat(trial.keeps()).doesNotContain(Capability.STRIPES);
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldNotTellTheOrderOfBytesWhereThereIsNoRoomLeft() throws Exception {
        // Enough for the two bytes that are renamed.
        server.room(2);

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.anyOrder()).isEmpty();
        assertThat(trial.channelsOfAFile()).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldNameWhatItCouldNotRemoveOfAFileOverTwoChannels() throws Exception {
        Files.createDirectory(served.resolve(".waybill-probe-1-21"));

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.anyOrder()).isEmpty();
        assertThat(trial.leftBehind()).containsExactly("/.waybill-probe-1-21");
    }

    @Test
    void shouldTryASecondChannelWhateverIsConfigured() throws Exception {
        DestinationConfig one = Destinations.withFlow(Destinations.of(server), new Flow(1, 1, OptionalInt.empty()));

        Trial trial = connector.probe(one, stem(), clock(() -> now)).trial().orElseThrow();

        assertThat(trial.channels()).isEqualTo(2);
        assertThat(trial.anyOrder()).hasValue(true);
    }

    @Test
    void shouldFailWhereTheConnectionBreaksWhileChannelsAreMade() {
        // Time is asked for when all connections are there.
        ProcessClock clock = clock(() -> {
            server.hangUpAfter("init");
            return now;
        });

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> connector.probe(Destinations.of(server), stem(), clock));
    }

    @Test
    void shouldNameWhatItCouldNotRemove() throws Exception {
        server.refuse("remove", PERMISSION_DENIED);

        Trial trial = probe().trial().orElseThrow();

        assertThat(trial.handles()).isEmpty();
        assertThat(trial.leftBehind()).isNotEmpty();
        assertThat(names()).allSatisfy(name -> assertThat(trial.leftBehind()).contains("/" + name));
    }

    @Test
    void shouldSayThatNothingCanBeTriedOutWithoutADirectory() throws Exception {
        ServerReport report = connector.probe(
                Destinations.of(server), new RemotePath("/missing/.waybill-probe-1-"), clock(() -> now));

        assertThat(report.trial()).isEmpty();
        assertThat(report.software()).startsWith("SSH-2.0-");
    }

    @Test
    void shouldTakeTheMedianOfItsRoundTrips() throws Exception {
        ServerReport report =
                connector.probe(Destinations.of(server), stem(), clock(() -> now = now.plusMillis(7)));

        assertThat(report.roundTrip()).isEqualTo(Duration.ofMillis(7));
    }

    private ServerReport probe() throws TransferException {
        return connector.probe(Destinations.of(server), stem(), clock(() -> now));
    }

    private static ProcessClock clock(InstantSource source) {
        return ProcessClock.of(
                source, () -> Duration.between(Instant.EPOCH, source.instant()).toNanos());
    }

    private static RemotePath stem() {
        return new RemotePath("/.waybill-probe-1-");
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(served)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }
}
