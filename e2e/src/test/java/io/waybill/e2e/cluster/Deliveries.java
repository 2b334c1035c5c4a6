package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Status;
import io.waybill.e2e.AppearingFiles;
import io.waybill.e2e.crash.TopicTail;
import io.waybill.runtime.service.Closing;
import io.waybill.store.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of the files that were put, seen at the partner's server and in the topics. */
@SuppressWarnings("try") // close() throws what the parts throw
final class Deliveries implements AutoCloseable {
    private final Closing closing = new Closing();
    private final PodStack stack;
    private final Arrivals arrivals;
    private final Map<String, AppearingFiles> appearing = new TreeMap<>();
    private final TopicTail tail;

    Deliveries(PodStack stack, Arrivals arrivals) throws IOException {
        this.stack = stack;
        this.arrivals = arrivals;
        for (String destination : new String[] {"small", "large"}) {
            appearing.put(destination, closing.add(AppearingFiles.in(stack.delivered(destination))));
        }
        tail = closing.add(new TopicTail(stack.config()));
    }

    long completed() {
        return tail.latest().values().stream().filter(state -> state.status() == Status.COMPLETED).count();
    }

    long open() {
        return arrivals.digests().size() - completed();
    }

    /** Large files that a worker is sending. */
    Set<FileId> sendingLarge() {
        return tail.latest().values().stream()
                .filter(state -> state.source().key().startsWith("large/") && state.status() == Status.STARTED)
                .map(FileState::id)
                .collect(Collectors.toSet());
    }

    void awaitAll(Duration limit) {
        await("every file to be delivered").atMost(limit).until(() -> open() == 0);
    }

    /** Every file is there once, whole, and was recorded once. */
    void assertExactlyOnce() throws IOException, InterruptedException {
        tail.catchUp();
        var digests = arrivals.digests();
        assertThat(times()).isEqualTo(digests.keySet().stream().collect(Collectors.toMap(key -> key, _ -> 1)));
        for (var one : digests.entrySet()) {
            String key = one.getKey();
            String folder = key.substring(0, key.indexOf('/'));
            assertThat(Content.of(stack.delivered(folder).resolve(key.substring(folder.length() + 1))).sha256())
                    .as(key)
                    .isEqualTo(one.getValue());
        }
        var completions = tail.events().stream()
                .filter(FileEvent.Completed.class::isInstance)
                .collect(Collectors.groupingBy(FileEvent::id, Collectors.counting()));
        assertThat(completions).hasSize(digests.size()).allSatisfy((_, times) -> assertThat(times).isOne());
        assertThat(tail.latest().values()).extracting(FileState::status).containsOnly(Status.COMPLETED);
    }

    private Map<String, Integer> times() {
        var times = new TreeMap<String, Integer>();
        appearing.forEach(
                (folder, files) -> files.times().forEach((name, count) -> times.put(folder + "/" + name, count)));
        return times;
    }

    @Override
    public void close() throws Exception {
        closing.close();
    }
}
