package io.waybill.state.http;

import io.waybill.domain.FileId;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.state.query.FileQueries.Page;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Merges the pages of several instances into one, in the order of the ids. */
final class Listing {
    private Listing() {}

    static FilePage of(Page page) {
        return new FilePage(
                page.files().stream().map(FileAnswers::of).toList(),
                page.next().map(FileId::value).orElse(null));
    }

    /** Merges pages of one question. Returns the first files of all pages together. */
    static FilePage merged(List<FilePage> pages, int limit) {
        // An instance that stopped early has not looked behind its cursor. Files of other instances behind that cursor
        // come with a later page.
        Optional<String> bound = pages.stream()
                .map(FilePage::cursor)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
        List<FileAnswer> files = pages.stream()
                .flatMap(page -> page.files().stream())
                .filter(file -> bound.isEmpty() || file.id().compareTo(bound.get()) <= 0)
                .sorted(Comparator.comparing(FileAnswer::id))
                .toList();
        return files.size() > limit
                ? new FilePage(files.subList(0, limit), files.get(limit - 1).id())
                : new FilePage(files, bound.orElse(null));
    }
}
