package io.waybill.state.http;

import io.waybill.domain.FileId;
import io.waybill.runtime.api.FilePage;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.FileQueries;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        var asked = peers.asked(PATH + "?" + Parameters.query(filter, after, limit), others, FilePage.class);
        FilePage own = Listing.of(files.page(filter, after, limit));
        if (others.isEmpty()) {
            return own;
        }
        List<FilePage> pages = new ArrayList<>(asked.answers());
        pages.add(own);
        return Listing.merged(pages, limit);
    }
}
