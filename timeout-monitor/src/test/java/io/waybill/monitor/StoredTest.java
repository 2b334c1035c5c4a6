package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DeadlineKind;
import io.waybill.domain.RouteName;
import io.waybill.domain.Window;
import io.waybill.monitor.TrackedFile.Basis;
import io.waybill.monitor.TrackedFile.ScheduledDeadline;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the stores must be read by the version that follows. */
final class StoredTest {
    private static final ScheduledDeadline DEADLINE = new ScheduledDeadline(DeadlineKind.UNFINISHED, 7, 3);
    private static final RouteName ROUTE = new RouteName("invoices");

    static Stream<TrackedFile> tracked() {
        return Stream.of(
                new TrackedFile(1, null, true, null),
                new TrackedFile(Long.MAX_VALUE, null, true, new Basis(ROUTE, new Window(false, START, null, null))),
                new TrackedFile(2, DEADLINE, false, null),
                new TrackedFile(2, DEADLINE, true, new Basis(ROUTE, new Window(false, START, null, null))),
                new TrackedFile(2, DEADLINE, true,
                        new Basis(ROUTE, new Window(false, START, START.plusMillis(1), null))),
                new TrackedFile(2, DEADLINE, true,
                        new Basis(ROUTE, new Window(true, START, null, START.plusMillis(2)))),
                new TrackedFile(2, DEADLINE, true, new Basis(ROUTE, new Window(false, START, null, null), true)));
    }

    @ParameterizedTest
    @MethodSource("tracked")
    void shouldReadWhatItKnowsOfAFile(TrackedFile file) {
        assertThat(again(TrackedFile.serde(), file)).isEqualTo(file);
    }

    @Test
    void shouldReadWhatWasKnownBeforeItWasToldSinceWhenAFileWaits() {
        byte[] before = ByteBuffer.allocate(23).put((byte) 1).putLong(2).put((byte) 0).put((byte) 3).putLong(7)
                .putInt(3).array();

        assertThat(TrackedFile.serde().deserializer().deserialize("store", before))
                .isEqualTo(new TrackedFile(2, DEADLINE, false, null));
    }

    /** The version before reads these, after a roll back, and wrote those that this one reads. */
    @Test
    void shouldWriteWhatItKnowsOfAFileAsTheVersionBeforeDid() {
        assertThat(bytes(new TrackedFile(7, null, true, null))).isEqualTo(FormerMonitor.GIVEN_UP);
        assertThat(bytes(new TrackedFile(
                4,
                new ScheduledDeadline(DeadlineKind.RETRY_DUE, START.plusSeconds(60).toEpochMilli(), 1),
                false,
                new Basis(ROUTE, new Window(false, START, START.plusSeconds(60), null)))))
                .isEqualTo(FormerMonitor.WAITING);
    }

    private static byte[] bytes(TrackedFile file) {
        return TrackedFile.serde().serializer().serialize("store", file);
    }

    @Test
    void shouldReadWhatTheVersionBeforeNotedOfAFile() {
        assertThat(FormerHistory.parse(FormerMonitor.HISTORY)).isEqualTo(FormerMonitor.NOTED);
    }

    @Test
    void shouldSayThatANewerVersionWroteTheStore() {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> TrackedFile.serde().deserializer().deserialize("store", new byte[] {9}))
                .withMessageContaining("format 9");
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> FormerHistory.parse(new byte[] {9}))
                .withMessageContaining("format 9");
    }

    private static <T> T again(Serde<T> serde, T value) {
        return serde.deserializer().deserialize("store", serde.serializer().serialize("store", value));
    }
}
