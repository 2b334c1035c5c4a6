package io.waybill.e2e.crash;

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

    private static Arguments of(Checker checker, Told history) {
        return Arguments.of(checker, history);
    }

    static Stream<Arguments> legal() {
        return Stream.of(
                of(new OneFinalState(), Told.file().queued().completed()),
                of(new OneFinalState(), Told.file().queued().timedOut().completedLate()),
                of(new OneFinalState(),
                        Told.file().queued().failed(FailureKind.CANCELLED).failed(FailureKind.IN_DOUBT)),
                of(new OneFinalState(),
                        Told.file().queued().failed(FailureKind.CANCELLED).redriven(2).completed()),
                of(new CompletedIffPublishedOnce(), Told.file().published("1.1").completed()),
                of(new CompletedIffPublishedOnce(), Told.version(1, 2).failed(FailureKind.SUPERSEDED)),
                of(new CompletedIffPublishedOnce(),
                        Told.version(1, 2).published("1.1", "version 2").publishedOther(2).completed()),
                of(new NewerStays(), Told.version(1, 2).published("1.1").publishedOther(2)),
                of(new NewerStays(), Told.version(1, 2).publishedOther(2)),
                of(new SupersededByNewer(), Told.version(1, 2).publishedOther(2).failed(FailureKind.SUPERSEDED)),
                of(new OneDeliveryForAsking(),
                        Told.file().queued().published("1.1").failed(FailureKind.CANCELLED).redriven(2)
                                .published("2.1")),
                of(new NothingLost(), Told.version(1, 2).failed(FailureKind.SUPERSEDED)),
                of(new NothingLost(), Told.version(1, 2)),
                of(new NothingLost(), Told.version(1, 2).published("1.1").publishedOther(2).completed()),
                of(new NothingLost(), Told.file().queued().cancelAsked().failed(FailureKind.CANCELLED)),
                of(new CompletedIffPublishedOnce(), Told.file().failed(FailureKind.BAD_NAME)),
                of(new CompletedIffPublishedOnce(), Told.takenFile().published("1.1").failed(FailureKind.IN_DOUBT)),
                of(new NoPartialFile(), Told.file().staged("1.1").published("1.1")),
                of(new OneRenameForSending(), Told.file().published("1.1.a").published("2.1.c")),
                of(new CompletedRecordedOnce(), Told.file().reported(SECOND).completed()),
                of(new OneReadyFile(), Told.file().completed().ready()),
                of(new OneReadyFile(), Told.file().failed(FailureKind.BAD_NAME)),
                of(new AttemptsDoNotOverlap(), Told.file().staged("1.1.a").staged("1.2.b").published("1.2.b")),
                of(new AttemptsDoNotOverlap(),
                        Told.file().staged("1.1.a").staged("1.2.b.withdrawn").published("1.1.a")),
                of(new NothingLost(), Told.file().published("1.1").completed()),
                of(new NothingLost(), Told.takenFile().published("1.1").completed()),
                of(new InDoubtOnlyWithoutEvidence(), Told.takenFile().published("1.1").failed(FailureKind.IN_DOUBT)));
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                of(new OneFinalState(), Told.file().queued().completed().completed()),
                of(new OneFinalState(), Told.file().queued()),
                of(new OneFinalState(), Told.file()),
                of(new OneFinalState(), Told.file().failed(FailureKind.BAD_NAME).queued()),
                of(new CompletedIffPublishedOnce(), Told.file().published("1.1").published("1.1").completed()),
                of(new CompletedIffPublishedOnce(), Told.file().published("1.1").failed(FailureKind.CONNECTION_LOST)),
                of(new CompletedIffPublishedOnce(), Told.file().completed()),
                of(new CompletedIffPublishedOnce(), Told.file().published("1.1", "half").completed()),
                of(new NoPartialFile(), Told.file().created()),
                of(new NoPartialFile(), Told.file().published("1.1", "half")),
                of(new OneRenameForSending(), Told.file().published("1.1.a").published("1.2.b")),
                of(new OneRenameForSending(), Told.file().published("from nowhere")),
                of(new CompletedRecordedOnce(),
                        Told.file().reported(Attempt.FIRST).reported(Attempt.FIRST).completed()),
                of(new CompletedRecordedOnce(), Told.file().reported(Attempt.FIRST).reported(SECOND).completed()),
                of(new OneReadyFile(), Told.file().completed().ready().ready()),
                of(new OneReadyFile(), Told.file().failed(FailureKind.BAD_NAME).ready()),
                of(new AttemptsDoNotOverlap(), Told.file().staged("1.1.a").staged("1.2.b").published("1.1.a")),
                of(new OneFinalState(), Told.file().queued().failed(FailureKind.CANCELLED).queued()),
                of(new CompletedIffPublishedOnce(),
                        Told.version(1, 2).published("1.1").failed(FailureKind.SUPERSEDED)),
                of(new NewerStays(), Told.version(1, 2).publishedOther(2).published("1.1")),
                of(new NewerStays(), Told.version(1, 2).published("1.1").publishedOther(2).putBack()),
                of(new SupersededByNewer(), Told.version(2, 2).failed(FailureKind.SUPERSEDED)),
                of(new SupersededByNewer(),
                        Told.version(1, 2).publishedOther(2).published("1.1").failed(FailureKind.SUPERSEDED)),
                of(new OneDeliveryForAsking(), Told.file().queued().published("1.1").published("1.2")),
                of(new OneDeliveryForAsking(),
                        Told.file().redriven(2).published("1.1").published("2.1").published("2.2")),
                of(new NothingLost(), Told.version(2, 2).published("1.1").publishedOther(1).completed()),
                of(new NothingLost(), Told.version(2, 2).failed(FailureKind.SUPERSEDED)),
                of(new NothingLost(), Told.file().queued().failed(FailureKind.CANCELLED)),
                of(new NothingLost(), Told.file()),
                of(new NothingLost(), Told.file().published("1.1").completed().vanished()),
                of(new InDoubtOnlyWithoutEvidence(), Told.file().published("1.1").failed(FailureKind.IN_DOUBT)));
    }

    @ParameterizedTest
    @MethodSource("legal")
    void shouldAcceptLegalHistories(Checker checker, Told history) {
        assertThat(history.judgedBy(checker)).as(checker.promise()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void shouldRefuseIllegalHistories(Checker checker, Told history) {
        assertThat(history.judgedBy(checker)).as(checker.promise()).isNotEmpty();
    }
}
