package io.waybill.e2e.crash;

import io.waybill.domain.FileEvent;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Legal: Started 1.1, Failed 1.1, Started 1.2, Completed 1.2.
 * Illegal: Completed 1.1, Completed 1.1. Illegal: Completed 1.1, Completed 1.2.
 */
final class CompletedRecordedOnce implements Checker {
    @Override
    public String promise() {
        return "the completion of a sending is recorded exactly once";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        Map<Integer, Long> records = file.events().stream()
                .filter(FileEvent.Completed.class::isInstance)
                .map(event -> ((FileEvent.Completed) event).attempt().sending())
                .collect(Collectors.groupingBy(sending -> sending, Collectors.counting()));
        Stream<String> several = records.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(entry -> "sending " + entry.getKey() + " has " + entry.getValue() + " Completed events");
        return file.isCompleted() && records.isEmpty()
                ? Stream.of("it is COMPLETED without a Completed event")
                : several;
    }
}
