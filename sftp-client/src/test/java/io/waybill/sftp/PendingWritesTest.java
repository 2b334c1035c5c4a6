package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.sftp.PendingWrites.Sent;
import io.waybill.sftp.PendingWrites.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class PendingWritesTest {
    private static final long FROM = 1000;
    private static final int LENGTH = 10;

    private record Result(Sent<String> write, boolean refused) {}

    @Property(tries = 500, seed = "20261121")
    void shouldCallSafeOnlyWhatIsAnsweredWithoutAGap(
            @ForAll @IntRange(min = 1, max = 5) int ways,
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(min = -1, max = 59) int refused,
            @ForAll Random order)
            throws IOException {
        var writes = new PendingWrites<>(FROM, way(Long.MAX_VALUE));
        for (int way = 1; way < ways; way++) {
            assertThat(writes.join(way(Long.MAX_VALUE))).isTrue();
        }
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(new Result(writes.begin(LENGTH), i == refused));
        }
        Collections.shuffle(results, order);

        var answered = new boolean[count];
        for (Result result : results) {
            writes.answered(
                    result.write(), result.refused() ? Optional.of(new IOException("refused")) : Optional.empty());
            answered[(int) ((result.write().offset() - FROM) / LENGTH)] = !result.refused();
            assertThat(writes.safe()).isEqualTo(FROM + LENGTH * (long) withoutGap(answered));
        }
    }

    private static int withoutGap(boolean[] answered) {
        int length = 0;
        while (length < answered.length && answered[length]) {
            length++;
        }
        return length;
    }

    @Test
    void shouldUseTheOtherWaysWhileOneIsSlow() throws Exception {
        var slow = way(LENGTH);
        var writes = new PendingWrites<>(0, slow);
        writes.join(way(LENGTH));
        Sent<String> first = writes.begin(LENGTH);

        for (int i = 0; i < 100; i++) {
            writes.answered(writes.begin(LENGTH), Optional.empty());
        }
        assertThat(writes.safe()).isZero();

        writes.answered(first, Optional.empty());
        assertThat(writes.safe()).isEqualTo(101 * LENGTH);
    }

    @Test
    void shouldUseAWayOnlyWhileItIsOpen() throws Exception {
        var open = new boolean[1];
        var writes = new PendingWrites<>(0, new Way<>("own", Long.MAX_VALUE));
        writes.join(new Way<>("borrowed", Long.MAX_VALUE, () -> open[0]));
        assertThat(writes.begin(LENGTH).handle()).isEqualTo("own");
        assertThat(writes.begin(LENGTH).handle()).isEqualTo("own");

        open[0] = true;

        assertThat(writes.begin(LENGTH).handle()).isEqualTo("borrowed");
    }

    @Test
    void shouldNeverFinishBehindAGap() throws Exception {
        var writes = new PendingWrites<>(0, way(Long.MAX_VALUE));
        Sent<String> first = writes.begin(LENGTH);
        Sent<String> second = writes.begin(LENGTH);
        writes.answered(first, Optional.of(new IOException("no room")));
        writes.answered(second, Optional.empty());

        assertThatThrownBy(() -> writes.begin(LENGTH)).hasMessage("no room");
        assertThatThrownBy(writes::awaitAll).hasMessage("no room");
        assertThatThrownBy(writes::awaitAll).hasMessage("no room");
        assertThat(writes.safe()).isZero();
    }

    @Test
    void shouldLetNothingJoinAFileThatIsComplete() {
        var writes = new PendingWrites<>(0, way(LENGTH));

        assertThat(writes.complete()).hasSize(1);

        assertThat(writes.join(way(LENGTH))).isFalse();
    }

    private static Way<String> way(long most) {
        return new Way<>("handle", most);
    }
}
