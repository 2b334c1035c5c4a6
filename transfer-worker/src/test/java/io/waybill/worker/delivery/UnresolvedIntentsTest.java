package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.util.ArrayList;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Intents looked at again when the machine's clock is set back an hour, or forward a day. */
final class UnresolvedIntentsTest {
    private static final TopicPartition PARTITION = new TopicPartition("transfer-work", 0);

    private final HandClock time = new HandClock();
    private final PartitionProgress progress = new PartitionProgress(PARTITION);

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldHandOutWhenItsTimeHasComeThoughTheClockIsSet(Duration set) {
        var done = new ArrayList<String>();
        Prepared intent = Works.intent("/a");
        progress.ledger().apply(LedgerUpdate.to(intent));
        var unresolved = new UnresolvedIntents(time);
        unresolved.add(intent, progress);
        unresolved.handOut((_, _) -> done.add("resolved"));
        unresolved.add(intent, progress);
        time.set(set);

        unresolved.handOut((_, _) -> done.add("settled too soon"));
        time.pass(Duration.ofMinutes(1));
        unresolved.handOut((_, _) -> done.add("settled again"));

        assertThat(done).containsExactly("resolved", "settled again");
    }
}
