package io.waybill.state.http;

import io.waybill.domain.FileId;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.FileQueries;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists the files of all instances. Safe for several threads. */
public final class Pages {
    static final String PATH = "/v1/files";

    private final FileQueries files;
    private final PeerClient peers;

    public Pages(FileQueries files, PeerClient peers) {
        this.files = files;
        this.peers = peers;
    }

    /**
     * Returns one page.
     *
     * @param others the other instances to ask
     */
    FilePage page(FileFilter filter, Optional<FileId> after, int limit, List<URI> others) {
        // Ask the others first, so that they answer while this instance reads.
        String query = Parameters.query(filter, limit, false, after.map(FileId::value));
        var asked = peers.asked(PATH + "?" + query, others, FilePage.class);
        FilePage own = Listing.of(files.page(filter, after, limit), total(filter));
        return merged(own, asked, limit, FileAnswer::id);
    }

    /**
     * Returns one page by the order of arrivals, the newest first.
     *
     * @param others the other instances to ask
     */
    FilePage newest(FileFilter filter, Optional<String> after, int limit, List<URI> others) {
        String query = Parameters.query(filter, limit, true, after);
        var asked = peers.asked(PATH + "?" + query, others, FilePage.class);
        FilePage own = Listing.of(files.newest(filter, after, limit), total(filter));
        return merged(own, asked, limit, Listing::position);
    }

    private static FilePage merged(
            FilePage own, PeerClient.Asked<FilePage> asked, int limit, Function<FileAnswer, String> position) {
        List<FilePage> pages = new ArrayList<>(asked.answers());
        if (pages.isEmpty()) {
            return own;
        }
        pages.add(own);
        return Listing.merged(pages, limit, position);
    }

    /** How many files of this instance match; null if the counts cannot say. */
    private @Nullable Long total(FileFilter filter) {
        return !filter.countable()
                ? null
                : Long.valueOf(files.counts().entrySet().stream()
                        .filter(count -> filter.matches(count.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
    }
}
