package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.UnknownOutcome;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.SftpConnector;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import io.waybill.worker.Works;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an owner does with intents whose execution died at some step, at a server that keeps its files. */
final class IntentResolverTest {
    private static final Lane LANE = new Lane(new DestinationName("acme"), 0);
    private static final int PERMISSION_DENIED = 3;

    private final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    private final SourceObject object = store.put("a", "three".getBytes(StandardCharsets.US_ASCII));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RogueSftpServer server;

    @TempDir
    Path served;

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
    void shouldRenameNothingWhenTheCommitEndedInTheUnknown() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);

        assertThat(served.resolve("a")).doesNotExist();
        assertThat(served(intent)).hasContent("three");
    }

    @Test
    void shouldPublishWhatWasPrepared() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);

        Receipt receipt = delivered(intent);

        assertThat(served.resolve("a")).hasContent("three");
        assertThat(served(intent)).doesNotExist();
        assertThat(receipt.path()).isEqualTo(intent.target().path());
        assertThat(receipt.sha256()).isEqualTo(intent.sha256());
        assertThat(receipt.proof()).isEqualTo(Proof.SIZE);
    }

    @Test
    void shouldFindOutThatARenameWasDoneWhoseAnswerWasLost() {
        // Tries the server out, so that the next rename is the one that publishes.
        prepared(ConflictPolicy.REPLACE);
        server.hangUpAfter("posix-rename");
        var journal = new FakeJournal();

        Outcome outcome = delivery(destination()).deliver(deliver(object, "/a"), LANE, journal);

        assertThat(outcome).isInstanceOf(Outcome.Undecided.class);
        server.behave();
        delivered(journal.intents().getFirst());
        assertThat(served.resolve("a")).hasContent("three");
    }

    @Test
    void shouldDecideTheSameHoweverOftenItIsAsked() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);

        assertThat(delivered(intent)).isEqualTo(delivered(intent)).isEqualTo(delivered(intent));
    }

    @Test
    void shouldTakeAVanishedFileForTakenWhileTheEvidenceStands() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        delivered(intent);
        Files.delete(served.resolve("a"));

        delivered(intent);
        assertThat(served.resolve("a")).doesNotExist();

        Files.writeString(served.resolve("a"), "something else");
        delivered(intent);
        assertThat(served.resolve("a")).hasContent("something else");
    }

    @Test
    void shouldNotGuessWhenTheEvidenceIsTooOld() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        delivered(intent);
        Files.delete(served.resolve("a"));
        now = now.plus(destination().evidenceWindow()).plusSeconds(1);

        assertInDoubt(resolve(intent), "evidenceWindow");
    }

    @Test
    void shouldNotGuessWhenAClockWasSetSoThatNobodyKnowsHowOldTheEvidenceIs() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        delivered(intent);
        Files.delete(served.resolve("a"));
        now = now.minus(destination().evidenceWindow());
        delivered(intent);

        now = now.minusSeconds(1);

        assertInDoubt(resolve(intent), "by this machine's clock");
    }

    @Test
    void shouldNotGuessWhenTheStagingDirectoryIsGone() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        Files.delete(served(intent));
        Files.delete(served.resolve(".waybill"));

        assertInDoubt(resolve(intent), "staging directory");
    }

    @Test
    void shouldNotGuessWhenAnotherServerAnswers() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        Files.delete(served(intent));

        assertInDoubt(resolve(Works.atServer(intent, "SHA256:another")), "host key");
    }

    @Test
    void shouldTouchNothingAtADestinationThatPointsElsewhere() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);

        assertInDoubt(resolve(Works.atEndpoint(intent, "partner@elsewhere:22/")), "elsewhere");

        assertThat(served(intent)).exists();
    }

    @Test
    void shouldDoWithAnUnknownOutcomeAsTheDestinationSays() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        Files.delete(served(intent));
        Files.delete(served.resolve(".waybill"));

        Outcome assumed =
                resolve(intent, Destinations.onUnknownOutcome(destination(), UnknownOutcome.ASSUME_DELIVERED));
        Outcome resent = resolve(intent, Destinations.onUnknownOutcome(destination(), UnknownOutcome.RESEND));

        assertThat(assumed)
                .isInstanceOfSatisfying(
                        Outcome.Delivered.class, d -> assertThat(d.receipt().proof()).isEqualTo(Proof.NONE));
        assertThat(resent)
                .isInstanceOfSatisfying(
                        Outcome.SentAgain.class, s -> assertThat(s.failure().kind()).isEqualTo(FailureKind.IN_DOUBT));
    }

    @Test
    void shouldWithdrawWhatTheServerRefusesToPublish() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        server.refuse("posix-rename", PERMISSION_DENIED);

        Outcome outcome = resolve(intent);

        assertThat(outcome)
                .isInstanceOfSatisfying(Outcome.NotDelivered.class, n -> {
                    assertThat(n.failure().kind()).isEqualTo(FailureKind.FORBIDDEN);
                    assertThat(n.left().orElseThrow().staging().value()).endsWith(".withdrawn");
                    assertThat(n.left().orElseThrow().safeBytes()).isEqualTo(5);
                });
        assertThat(served(intent)).doesNotExist();
    }

    @Test
    void shouldNeverPublishWhatWasWithdrawn() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        server.refuse("posix-rename", PERMISSION_DENIED);
        resolve(intent);
        server.behave();

        Outcome outcome = resolve(intent);

        assertThat(outcome).isInstanceOf(Outcome.NotDelivered.class);
        assertThat(served.resolve("a")).doesNotExist();
    }

    @Test
    void shouldGoOnFromWhatWasWithdrawn() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        server.refuse("posix-rename", PERMISSION_DENIED);
        var refused = assertThat(resolve(intent)).asInstanceOf(type(Outcome.NotDelivered.class)).actual();
        server.behave();
        long writes = server.requests("write");

        Outcome outcome =
                delivery(destination()).deliver(deliver(object, "/a"), LANE, FakeJournal.after(refused.left()));

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(served.resolve("a")).hasContent("three");
        assertThat(server.requests("write")).isEqualTo(writes);
        assertThat(served.resolve(".waybill")).isEmptyDirectory();
    }

    @Test
    void shouldStayUndecidedWhileTheServerLetsNothingBeRenamed() {
        Prepared intent = prepared(ConflictPolicy.REPLACE);
        server.refuse("posix-rename", PERMISSION_DENIED).refuse("rename", PERMISSION_DENIED);

        assertThat(resolve(intent)).isInstanceOf(Outcome.Undecided.class);

        server.behave();
        delivered(intent);
    }

    @Test
    void shouldFindTheFileUnderEitherNameWhereBothAreKept() throws Exception {
        Files.writeString(served.resolve("a"), "old");
        Prepared intent = prepared(ConflictPolicy.KEEP_BOTH);

        Receipt receipt = delivered(intent);

        assertThat(receipt.path().value()).isEqualTo("/a." + intent.id());
        assertThat(delivered(intent)).isEqualTo(receipt);
        assertThat(served.resolve("a")).hasContent("old");
    }

    @Test
    void shouldTakeOnlyTheNameThatWasChosenWhereBothAreKept() throws Exception {
        Prepared intent = prepared(ConflictPolicy.KEEP_BOTH);
        Files.writeString(served.resolve("a"), "somebody else's");

        Outcome raced = resolve(intent);

        assertThat(intent.given()).hasValue(intent.target().path());
        assertThat(raced)
                .isInstanceOfSatisfying(
                        Outcome.NotDelivered.class,
                        n -> assertThat(n.failure().kind().retryable()).isTrue());
        assertThat(served.resolve("a")).hasContent("somebody else's");
        assertThat(served.resolve("a." + intent.id())).doesNotExist();
        assertThat(prepared(ConflictPolicy.KEEP_BOTH).given().orElseThrow().value()).isEqualTo("/a." + intent.id());
    }

    @Test
    void shouldResolveAnIntentOfTheVersionBeforeUnderEitherName() throws Exception {
        Prepared intent = Works.withoutGiven(prepared(ConflictPolicy.KEEP_BOTH));
        Files.writeString(served.resolve("a"), "somebody else's");

        Receipt receipt = delivered(intent);

        assertThat(receipt.path().value()).isEqualTo("/a." + intent.id());
        assertThat(delivered(intent)).isEqualTo(receipt);
        assertThat(served.resolve("a")).hasContent("somebody else's");
    }

    @Test
    void shouldNotTakeAnotherFileOfTheSameSizeForItsOwn() throws Exception {
        Prepared intent = Works.untimed(prepared(ConflictPolicy.REPLACE));
        delivered(intent);
        Files.writeString(served.resolve("a"), "other");
        now = now.plus(destination().evidenceWindow()).plusSeconds(1);

        assertInDoubt(resolve(intent), "evidenceWindow");
    }

    @Test
    void shouldRefuseATakenNameAndKnowItsOwn() throws Exception {
        Prepared intent = prepared(ConflictPolicy.REFUSE);
        delivered(intent);
        delivered(intent);

        Files.writeString(served.resolve("a"), "somebody else's");
        Prepared second = prepared(ConflictPolicy.REFUSE);
        assertThat(resolve(second))
                .isInstanceOfSatisfying(
                        Outcome.NotDelivered.class,
                        n -> assertThat(n.failure().kind()).isEqualTo(FailureKind.NAME_CONFLICT));
        assertThat(served.resolve("a")).hasContent("somebody else's");
    }

    private static void assertInDoubt(Outcome outcome, String reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Outcome.NotDelivered.class, n -> {
                    assertThat(n.failure().kind()).isEqualTo(FailureKind.IN_DOUBT);
                    assertThat(n.failure().detail()).contains(reason);
                    assertThat(n.left()).isEmpty();
                });
    }

    /** A staged file whose execution died before it could rename it. */
    private Prepared prepared(ConflictPolicy onConflict) {
        FakeJournal journal = FakeJournal.withoutCommit();
        var work = deliver(object, "/a", onConflict, Proof.SIZE, false);
        assertThat(delivery(destination()).deliver(work, LANE, journal)).isInstanceOf(Outcome.Dropped.class);
        return journal.intents().getFirst();
    }

    private Path served(Prepared intent) {
        return served.resolve(intent.staging().value().substring(1));
    }

    private Receipt delivered(Prepared intent) {
        return assertThat(resolve(intent)).asInstanceOf(type(Outcome.Delivered.class)).actual().receipt();
    }

    private Outcome resolve(Prepared intent) {
        return resolve(intent, destination());
    }

    private Outcome resolve(Prepared intent, DestinationConfig destination) {
        return delivery(destination).resolve(intent, () -> {});
    }

    private DestinationConfig destination() {
        return Destinations.at(server, server.port(), Duration.ofSeconds(30));
    }

    private DestinationDelivery delivery(DestinationConfig destination) {
        var connections = new ConnectionPool(connector, WorkerMetrics.NONE,
                ProcessClock.of(InstantSource.fixed(Instant.EPOCH), () -> 0));
        return new DestinationDelivery(
                Map.of(destination.name(), destination), store, connections, WorkerMetrics.NONE, () -> now);
    }
}
