package io.waybill.state.http;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.state.index.GroupKey;
import io.waybill.state.query.FileQueries.Newest;
import io.waybill.state.query.FileQueries.Page;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Merges the pages of several instances into one, in the order of the ids or of the arrivals. */
final class Listing {
    private Listing() {}

    static FilePage of(Page page, @Nullable Long total, Function<FileState, FileAnswer> answer) {
        return new FilePage(
                page.files().stream().map(answer).toList(),
                page.next().map(FileId::value).orElse(null),
                total);
    }

    static FilePage of(Newest page, @Nullable Long total, Function<FileState, FileAnswer> answer) {
        return new FilePage(
                page.files().stream().map(answer).toList(), page.next().orElse(null), total);
    }

    /** Where a file stands in the order of arrivals. */
    static String position(FileAnswer file) {
        return GroupKey.position(Instant.parse(file.arrivedAt()), new FileId(file.id()));
    }

    /**
     * Merges pages of one question. Returns the first files of all pages together.
     *
     * @param position the cursor that a file would be
     */
    static FilePage merged(List<FilePage> pages, int limit, Function<FileAnswer, String> position) {
        @Nullable Long total = 0L;
        for (FilePage page : pages) {
            total = sum(total, page.total());
        }
        // An instance that stopped early has not looked behind its cursor. Files of other instances behind that cursor
        // come with a later page.
        Optional<String> bound = pages.stream()
                .map(FilePage::cursor)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
        List<FileAnswer> files = pages.stream()
                .flatMap(page -> page.files().stream())
                .filter(file -> bound.isEmpty() || position.apply(file).compareTo(bound.get()) <= 0)
                .sorted(Comparator.comparing(position))
                .toList();
        return files.size() > limit
                ? new FilePage(files.subList(0, limit), position.apply(files.get(limit - 1)), total)
                : new FilePage(files, bound.orElse(null), total);
    }

    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null ? null : Long.valueOf(one + other);
    }
}
