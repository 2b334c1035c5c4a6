package io.waybill.benchmarks.micro;

import io.waybill.domain.FileEvent;
import io.waybill.runtime.streams.DueKey;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The keys of deadlines in their store. */
@State(Scope.Benchmark)
public class DueKeyCost {
    private final FileEvent event = LifecycleCost.life().getFirst();
    private final Instant due = Instant.ofEpochMilli(1_790_000_000_000L);
    private final Serde<DueKey> keys = DueKey.serde();

    @Benchmark
    public DueKey thereAndBack() {
        return keys.deserializer().deserialize("", keys.serializer().serialize("", DueKey.of(due, event.id())));
    }
}
