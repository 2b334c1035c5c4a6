package io.waybill.launcher.cli.explain;

import io.waybill.domain.Origin;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.PlacementChanges;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.runtime.api.SourceAnswer;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.explain.RouteExplainer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks two configurations about the files that the API knows. */
public final class KnownFiles {
    private static final int PAGE = 1_000;
    private static final int MOST = 100_000;

    private KnownFiles() {}

    /**
     * Compares where the files of the last days go.
     *
     * @param days 1 or more
     */
    public static PlacementChanges compared(Context context, WaybillConfig former, WaybillConfig now, int days) {
        var changes = new PlacementChanges(new RouteExplainer(former), new RouteExplainer(now));
        Map<String, String> query = new LinkedHashMap<>();
        query.put("since", context.environment().clock().instant().minus(Duration.ofDays(days)).toString());
        query.put("order", "newest");
        query.put("limit", String.valueOf(PAGE));
        int looked = 0;
        try (var api = ApiClient.of(context)) {
            String cursor = "";
            do {
                query.put("cursor", cursor);
                FilePage page = api.files(query).orElseThrow(() -> CommandException.failed(
                        "the server there has no list of files; is it Waybill's HTTP API?"));
                page.files().forEach(file -> changes.add(new RouteName(file.route()), object(file)));
                looked += page.files().size();
                cursor = page.cursor() == null ? "" : page.cursor();
            } while (!cursor.isEmpty() && looked < MOST);
            if (!cursor.isEmpty()) {
                changes.leavesOut();
            }
        }
        return changes;
    }

    private static SourceObject object(FileAnswer file) {
        SourceAnswer source = file.source();
        return new SourceObject(
                source.bucket(),
                source.key(),
                source.versionId(),
                source.etag(),
                source.size(),
                Instant.parse(source.lastModified()),
                origin(source));
    }

    private static @Nullable Origin origin(SourceAnswer source) {
        @Nullable String kind = source.originKind();
        @Nullable String name = source.originSource();
        @Nullable String identity = source.originIdentity();
        return kind == null || name == null || identity == null
                ? null
                : new Origin(kind, name, identity, source.originUser());
    }
}
