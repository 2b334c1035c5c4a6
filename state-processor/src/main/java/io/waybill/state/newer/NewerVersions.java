package io.waybill.state.newer;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.RemotePath;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.newer.NewerAnswer;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.http.QueryParameters;
import io.waybill.state.http.ApiException;
import io.waybill.state.http.Cluster;
import io.waybill.state.http.Parameters;
import io.waybill.state.http.PeerClient;
import io.waybill.state.http.VisibleFiles;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Says whether a newer version of an object stands at the place of a file, or is on its way there. The versions of one
 * object are in different partitions, so all instances are asked. Each looks into its index, which has the versions of an
 * object together, and keeps nothing in memory.
 */
public final class NewerVersions implements HttpRoutes, BiFunction<Context, FileState, Optional<FileAnswer>> {
    private static final String PATH = "/v1/newer";
    private static final QueryParameters KNOWN =
            QueryParameters.of("bucket", "key", "modified", "destination", "path");

    private final VisibleFiles files;
    private final Cluster cluster;
    private final PeerClient peers;

    public NewerVersions(VisibleFiles files, Cluster cluster, PeerClient peers) {
        this.files = files;
        this.cluster = cluster;
        this.peers = peers;
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.get(PATH, this::show, Permission.READ, KNOWN);
    }

    @Override
    public List<String> entries() {
        return List.of(PATH);
    }

    /**
     * The newest version that is newer than a file's, and that the caller sees.
     *
     * @param file with the target that it has, or would get
     */
    @Override
    public Optional<FileAnswer> apply(Context http, FileState file) {
        Target target = file.target();
        return target == null ? Optional.empty() : newer(http, file.source(), target, cluster.others());
    }

    private void show(Context http) {
        Instant modified = required(http, "modified", Parameters::instant);
        // Only the place and the time of the version matter.
        var than = new SourceObject(
                required(http, "bucket", Parameters::text), required(http, "key", Parameters::text), null, "-", 0,
                modified);
        var at = new Target(
                required(http, "destination", DestinationName::new), required(http, "path", RemotePath::new));
        List<URI> others = PeerClient.passedOn(http) ? List.of() : cluster.others();
        http.json(new NewerAnswer(newer(http, than, at, others).orElse(null)));
    }

    private static <T> T required(Context http, String name, Function<String, T> parser) {
        return Parameters.optional(http, name, parser)
                .orElseThrow(() -> ApiException.badRequest(name + ": is missing; known are "
                        + String.join(", ", KNOWN.names())));
    }

    private Optional<FileAnswer> newer(Context http, SourceObject than, Target at, List<URI> others) {
        String query = "?bucket=" + encoded(than.bucket()) + "&key=" + encoded(than.key()) + "&modified="
                + than.lastModified() + "&destination=" + at.destination() + "&path=" + encoded(at.path().value());
        var asked = peers.asked(http, PATH + query, others, NewerAnswer.class);
        Stream<FileAnswer> own = files.of(http).newer(than, at).map(files::answer).stream();
        return Stream.concat(own, asked.answers().stream().map(NewerAnswer::file).filter(Objects::nonNull))
                .max(Comparator.comparing(file -> Instant.parse(file.source().lastModified())));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
