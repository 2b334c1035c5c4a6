package io.waybill.state.http;

import io.javalin.http.Context;
import io.waybill.domain.FileId;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.runtime.api.SummaryAnswer;
import io.waybill.runtime.http.Gate;
import io.waybill.state.index.FileGroup;
import io.waybill.state.query.FileFilter;
import io.waybill.state.query.FileQueries;
import io.waybill.state.table.Rules;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the files of all instances. Safe for several threads. */
public final class Pages {
    static final String PATH = "/v1/files";

    private final VisibleFiles files;
    private final PeerClient peers;
    private final Rules rules;

    /**
     * @param rules know the configured names
     */
    public Pages(VisibleFiles files, PeerClient peers, Rules rules) {
        this.files = files;
        this.peers = peers;
        this.rules = rules;
    }

    /**
     * Refuses a filter with a route or destination that is not configured, and that no file is of. The zeros would look like
     * an answer. For a caller of some routes there are no others.
     *
     * @param others the other instances, asked only if nothing here has the name
     */
    private void requireKnown(Context http, FileFilter filter, List<URI> others) {
        if (PeerClient.passedOn(http)) {
            return;
        }
        Scope scope = Gate.principal(http).scope();
        filter.route().ifPresent(route -> requireKnown(
                http, "route", route.value(), rules.routes(scope), group -> Stream.of(group.route().value()), others,
                SummaryAnswer::byRoute));
        filter.destination().ifPresent(destination -> requireKnown(
                http, "destination", destination.value(), rules.destinations(scope),
                group -> group.destination() == null ? Stream.of() : Stream.of(group.destination().value()), others,
                SummaryAnswer::byDestination));
    }

    private void requireKnown(
            Context http,
            String what,
            String name,
            Set<String> configured,
            Function<FileGroup, Stream<String>> here,
            List<URI> others,
            Function<SummaryAnswer, Map<String, ?>> there) {
        var known = new TreeSet<>(configured);
        files.of(http).counts().keySet().stream().flatMap(here).forEach(known::add);
        if (known.contains(name)) {
            return;
        }
        peers.asked(http, "/v1/summary", others, SummaryAnswer.class).answers().forEach(
                answer -> known.addAll(there.apply(answer).keySet()));
        if (!known.contains(name)) {
            throw ApiException.badRequest(what + ": no " + what + " of the name '" + name
                    + "' is configured, and no file"
                    + " is of it; " + (known.isEmpty() ? "there is none" : "known are " + String.join(", ", known)));
        }
    }

    /**
     * Returns one page.
     *
     * @param http   whose sender sees the files
     * @param others the other instances to ask
     */
    FilePage page(Context http, FileFilter filter, Optional<FileId> after, int limit, List<URI> others) {
        if (after.isEmpty()) {
            requireKnown(http, filter, others);
        }
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
        if (after.isEmpty()) {
            requireKnown(http, filter, others);
        }
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
