package io.waybill.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.state.table.FileQueries.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Pages of several instances as one, in the order of the ids. */
final class Listing {
    private Listing() {}

    static ObjectNode json(Page page) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var files = json.putArray("files");
        page.files().forEach(file -> files.add(FileJson.of(file)));
        page.next().ifPresentOrElse(next -> json.put("cursor", next.value()), () -> json.putNull("cursor"));
        return json;
    }

    /** Of pages that were asked for alike, the first files of all of them. */
    static ObjectNode merged(List<JsonNode> pages, int limit) {
        // An instance that stopped has not looked behind its cursor; what others found there comes with a later page.
        Optional<String> bound = pages.stream()
                .filter(page -> page.path("cursor").isTextual())
                .map(page -> page.path("cursor").asText())
                .min(Comparator.naturalOrder());
        List<JsonNode> files = new ArrayList<>();
        pages.forEach(page -> page.path("files").forEach(files::add));
        files.sort(Comparator.comparing(Listing::id));
        files.removeIf(file -> bound.isPresent() && id(file).compareTo(bound.get()) > 0);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("files").addAll(files.subList(0, Math.min(limit, files.size())));
        Optional<String> cursor = files.size() > limit ? Optional.of(id(files.get(limit - 1))) : bound;
        cursor.ifPresentOrElse(next -> json.put("cursor", next), () -> json.putNull("cursor"));
        return json;
    }

    private static String id(JsonNode file) {
        return file.path("id").asText();
    }
}
