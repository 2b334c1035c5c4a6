package io.waybill.e2e.crash;

import static io.waybill.e2e.crash.FileHistoryBuilder.file;
import static io.waybill.e2e.crash.FileHistoryBuilder.takenFile;
import static io.waybill.e2e.crash.FileHistoryBuilder.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.FailureKind;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The histories that the checkers' documentation calls legal and illegal. */
final class CheckersTest {
    private static final Attempt SECOND = Attempt.FIRST.next();

    private static Arguments of(Checker checker, FileHistoryBuilder history) {
        return Arguments.of(checker, history);
    }

    static Stream<Arguments> legal() {
        return Stream.of(
                of(new OneFinalState(), file().queued().completed()),
                of(new OneFinalState(), file().queued().timedOut().completedLate()),
                of(new OneFinalState(),
                        file().queued().failed(FailureKind.CANCELLED).failed(FailureKind.IN_DOUBT)),
                of(new OneFinalState(),
                        file().queued().failed(FailureKind.CANCELLED).redriven(2).completed()),
                of(new CompletedIffPublishedOnce(), file().published("1.1").completed()),
                of(new CompletedIffPublishedOnce(), version(1, 2).failed(FailureKind.SUPERSEDED)),
                of(new CompletedIffPublishedOnce(),
                        version(1, 2).published("1.1", "version 2").publishedOther(2).completed()),
                of(new CompletedIffPublishedOnce(),
                        file().published("1.1").completed().resent(2, false).failed(FailureKind.FORBIDDEN)),
                of(new NewerStays(), version(1, 2).published("1.1").publishedOther(2)),
                of(new NewerStays(), version(1, 2).publishedOther(2)),
                of(new SupersededByNewer(), version(1, 2).publishedOther(2).failed(FailureKind.SUPERSEDED)),
                of(new OneDeliveryForAsking(),
                        file().queued().published("1.1").failed(FailureKind.CANCELLED).redriven(2)
                                .published("2.1")),
                of(new NothingLost(), version(1, 2).failed(FailureKind.SUPERSEDED)),
                of(new NothingLost(), version(1, 2)),
                of(new NothingLost(), version(1, 2).published("1.1").publishedOther(2).completed()),
                of(new NothingLost(), file().queued().cancelAsked().failed(FailureKind.CANCELLED)),
                of(new CompletedIffPublishedOnce(), file().failed(FailureKind.BAD_NAME)),
                of(new CompletedIffPublishedOnce(), takenFile().published("1.1").failed(FailureKind.IN_DOUBT)),
                of(new NoPartialFile(), file().staged("1.1").published("1.1")),
                of(new OneRenameForSending(), file().published("1.1.a").published("2.1.c")),
                of(new CompletedRecordedOnce(), file().reported(SECOND).completed()),
                of(new OneReadyFile(), file().completed().ready()),
                of(new OneReadyFile(), file().failed(FailureKind.BAD_NAME)),
                of(new OneReadyFile(), file().completed().ready().resent(2, false).completed(2)),
                of(new OneReadyFile(), file().completed().ready().resent(2, false).failed(FailureKind.FORBIDDEN)),
                of(new OneReadyFile(), file().completed().ready().resent(2, true).completed(2).ready()),
                of(new OneFinalState(), file().queued().completed().resent(2, false).completed(2)),
                of(new OneDeliveryForAsking(),
                        file().published("1.1").completed().resent(2, false).published("2.1").completed(2)),
                of(new AttemptsDoNotOverlap(), file().staged("1.1.a").staged("1.2.b").published("1.2.b")),
                of(new AttemptsDoNotOverlap(),
                        file().staged("1.1.a").staged("1.2.b.withdrawn").published("1.1.a")),
                of(new AttemptsDoNotOverlap(),
                        version(1, 2).staged("1.1.a").staged("1.2.b").published("1.2.b").publishedOther(2)),
                of(new NothingLost(), file().published("1.1").completed()),
                of(new NothingLost(), takenFile().published("1.1").completed()),
                of(new InDoubtOnlyWithoutEvidence(), takenFile().published("1.1").failed(FailureKind.IN_DOUBT)));
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                of(new OneFinalState(), file().queued().completed().completed()),
                of(new OneFinalState(), file().queued()),
                of(new OneFinalState(), file()),
                of(new OneFinalState(), file().failed(FailureKind.BAD_NAME).queued()),
                of(new CompletedIffPublishedOnce(), file().published("1.1").published("1.1").completed()),
                of(new CompletedIffPublishedOnce(), file().published("1.1").failed(FailureKind.CONNECTION_LOST)),
                of(new CompletedIffPublishedOnce(), file().completed()),
                of(new CompletedIffPublishedOnce(), file().published("1.1", "half").completed()),
                of(new NoPartialFile(), file().created()),
                of(new NoPartialFile(), file().published("1.1", "half")),
                of(new OneRenameForSending(), file().published("1.1.a").published("1.2.b")),
                of(new OneRenameForSending(), file().published("from nowhere")),
                of(new CompletedRecordedOnce(),
                        file().reported(Attempt.FIRST).reported(Attempt.FIRST).completed()),
                of(new CompletedRecordedOnce(), file().reported(Attempt.FIRST).reported(SECOND).completed()),
                of(new OneReadyFile(), file().completed().ready().ready()),
                of(new OneReadyFile(), file().completed().ready().resent(2, false).completed(2).ready()),
                of(new OneReadyFile(), file().completed().resent(2, true).completed(2)),
                of(new OneDeliveryForAsking(),
                        file().published("1.1").completed().resent(2, false).published("2.1").published("2.2")),
                of(new OneReadyFile(), file().failed(FailureKind.BAD_NAME).ready()),
                of(new AttemptsDoNotOverlap(), file().staged("1.1.a").staged("1.2.b").published("1.1.a")),
                of(new OneFinalState(), file().queued().failed(FailureKind.CANCELLED).queued()),
                of(new CompletedIffPublishedOnce(),
                        version(1, 2).published("1.1").failed(FailureKind.SUPERSEDED)),
                of(new NewerStays(), version(1, 2).publishedOther(2).published("1.1")),
                of(new NewerStays(), version(1, 2).published("1.1").publishedOther(2).putBack()),
                of(new SupersededByNewer(), version(2, 2).failed(FailureKind.SUPERSEDED)),
                of(new SupersededByNewer(),
                        version(1, 2).publishedOther(2).published("1.1").failed(FailureKind.SUPERSEDED)),
                of(new OneDeliveryForAsking(), file().queued().published("1.1").published("1.2")),
                of(new OneDeliveryForAsking(),
                        file().redriven(2).published("1.1").published("2.1").published("2.2")),
                of(new NothingLost(), version(2, 2).published("1.1").publishedOther(1).completed()),
                of(new NothingLost(), version(2, 2).failed(FailureKind.SUPERSEDED)),
                of(new NothingLost(), file().queued().failed(FailureKind.CANCELLED)),
                of(new NothingLost(), file()),
                of(new NothingLost(), file().published("1.1").completed().vanished()),
                of(new InDoubtOnlyWithoutEvidence(), file().published("1.1").failed(FailureKind.IN_DOUBT)));
    }

    @ParameterizedTest
    @MethodSource("legal")
    void shouldAcceptLegalHistories(Checker checker, FileHistoryBuilder history) {
        assertThat(history.judgedBy(checker)).as(checker.promise()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void shouldRefuseIllegalHistories(Checker checker, FileHistoryBuilder history) {
        assertThat(history.judgedBy(checker)).as(checker.promise()).isNotEmpty();
    }
}
