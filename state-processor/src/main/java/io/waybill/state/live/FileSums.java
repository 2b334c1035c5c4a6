package io.waybill.state.live;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.runtime.api.live.DestinationAnswer.FilesAnswer;
import io.waybill.state.index.FileGroup;
import java.util.HashMap;
import java.util.Map;

/** The counts of files, summed up for each destination. */
final class FileSums {
    private static final FilesAnswer NONE = new FilesAnswer(0, 0, 0, 0, 0, 0, 0);

    private final Map<DestinationName, FilesAnswer> sums = new HashMap<>();

    FileSums(Map<FileGroup, Long> counts) {
        counts.forEach((group, count) -> {
            if (group.destination() != null) {
                sums.merge(group.destination(), answer(group, count), FilesAnswer::plus);
            }
        });
    }

    private static FilesAnswer answer(FileGroup group, long count) {
        return switch (group.status()) {
            case PENDING ->
                group.failure() == null
                        ? new FilesAnswer(count, 0, 0, 0, 0, 0, 0)
                        : new FilesAnswer(0, count, 0, 0, 0, 0, 0);
            case STARTED -> new FilesAnswer(0, 0, count, 0, 0, 0, 0);
            case COMPLETED -> new FilesAnswer(0, 0, 0, count, 0, 0, 0);
            case FAILED ->
                group.failure() == FailureKind.IN_DOUBT
                        ? new FilesAnswer(0, 0, 0, 0, 0, count, 0)
                        : new FilesAnswer(0, 0, 0, 0, count, 0, 0);
            case TIMED_OUT -> new FilesAnswer(0, 0, 0, 0, 0, 0, count);
        };
    }

    FilesAnswer of(DestinationName name) {
        return sums.getOrDefault(name, NONE);
    }
}
