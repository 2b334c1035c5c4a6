package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RouteName;
import io.waybill.domain.Setback;
import io.waybill.domain.Stage;
import io.waybill.domain.Window;
import io.waybill.monitor.Watched.Alarm;
import io.waybill.monitor.Watched.Basis;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the stores must be read by the version that follows. */
final class StoredTest {
    private static final Alarm ALARM = new Alarm(DeadlineKind.UNFINISHED, 7, 3);
    private static final RouteName ROUTE = new RouteName("invoices");

    static Stream<Watched> watched() {
        return Stream.of(
                Watched.quiet(1, true),
                Watched.quiet(Long.MAX_VALUE, false),
                new Watched(2, ALARM, false, null),
                new Watched(2, ALARM, true, new Basis(ROUTE, new Window(false, START, null, null))),
                new Watched(2, ALARM, true, new Basis(ROUTE, new Window(false, START, START.plusMillis(1), null))),
                new Watched(2, ALARM, true, new Basis(ROUTE, new Window(true, START, null, START.plusMillis(2)))));
    }

    @ParameterizedTest
    @MethodSource("watched")
    void shouldReadWhatItKnowsOfAFile(Watched watched) {
        assertThat(again(Watched.serde(), watched)).isEqualTo(watched);
    }

    @Test
    void shouldReadWhatWasKnownBeforeItWasToldSinceWhenAFileWaits() {
        byte[] before = ByteBuffer.allocate(23).put((byte) 1).putLong(2).put((byte) 0).put((byte) 3).putLong(7)
                .putInt(3).array();

        assertThat(Watched.serde().deserializer().deserialize("store", before))
                .isEqualTo(new Watched(2, ALARM, false, null));
    }

    @Test
    void shouldReadWhatSetAFileBack() {
        var setbacks = new Setbacks(List.of(
                new Setback(
                        Setback.Kind.DEFERRED,
                        START,
                        Stage.DELIVERY,
                        new Attempt(2, 3),
                        new Failure(FailureKind.HOST_KEY, "a key of März €"),
                        START.plusMillis(1),
                        40),
                new Setback(Setback.Kind.UNCLAIMED, START, Stage.IMPORT, Attempt.FIRST, null, null, 1)));

        assertThat(again(Setbacks.serde(), setbacks)).isEqualTo(setbacks);
        assertThat(again(Setbacks.serde(), Setbacks.NONE)).isEqualTo(Setbacks.NONE);
    }

    @Test
    void shouldSayThatANewerVersionWroteTheStore() {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> Watched.serde().deserializer().deserialize("store", new byte[] {9}))
                .withMessageContaining("format 9");
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> Setbacks.serde().deserializer().deserialize("store", new byte[] {9}))
                .withMessageContaining("format 9");
    }

    private static <T> T again(Serde<T> serde, T value) {
        return serde.deserializer().deserialize("store", serde.serializer().serialize("store", value));
    }
}
