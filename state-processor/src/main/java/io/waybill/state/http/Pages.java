package io.waybill.state.http;

import io.javalin.http.Context;
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

    private final VisibleFiles files;
    private final PeerClient peers;

    public Pages(VisibleFiles files, PeerClient peers) {
        this.files = files;
        this.peers = peers;
    }

    /**
     * Returns one page.
     *
     * @param http   whose sender sees the files
     * @param others the other instances to ask
     */
    FilePage page(Context http, FileFilter filter, Optional<FileId> after, int limit, List<URI> others) {
        FileQueries seen = files.of(http);
        // Ask the others first, so that they answer while this instance reads.
        String query = Parameters.query(filter, limit, false, after.map(FileId::value));
        var asked = peers.asked(http, PATH + "?" + query, others, FilePage.class);
        FilePage own = Listing.of(seen.page(filter, after, limit), total(seen, filter), files::answer);
        return merged(own, asked, limit, FileAnswer::id);
    }

    /**
     * Returns one page by the order of arrivals, the newest first.
     *
     * @param http   whose sender sees the files
     * @param others the other instances to ask
     */
    FilePage newest(Context http, FileFilter filter, Optional<String> after, int limit, List<URI> others) {
        FileQueries seen = files.of(http);
        String query = Parameters.query(filter, limit, true, after);
        var asked = peers.asked(http, PATH + "?" + query, others, FilePage.class);
        FilePage own = Listing.of(seen.newest(filter, after, limit), total(seen, filter), files::answer);
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
    private static @Nullable Long total(FileQueries files, FileFilter filter) {
        return !filter.countable()
                ? null
                : Long.valueOf(files.counts().entrySet().stream()
                        .filter(count -> filter.matches(count.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
    }
}
