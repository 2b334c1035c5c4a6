package io.waybill.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.domain.FileId;
import java.util.Optional;

/** What came of a request about many files, so far. */
final class Outcome {
    /** Ids and refusals that are told one by one. */
    private static final int TOLD = 10;

    private final boolean dryRun;
    private final ArrayNode ids = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode refusals = JsonNodeFactory.instance.arrayNode();
    private int accepted;
    private int refused;
    private boolean ended;
    private Optional<FileId> cursor;

    Outcome(boolean dryRun, Optional<FileId> cursor) {
        this.dryRun = dryRun;
        this.cursor = cursor;
    }

    void accepted(FileId id) {
        accepted++;
        cursor = Optional.of(id);
        if (ids.size() < TOLD) {
            ids.add(id.value());
        }
    }

    void refused(FileId id, String error) {
        refused++;
        cursor = Optional.of(id);
        if (refusals.size() < TOLD) {
            refusals.addObject().put("id", id.value()).put("error", error);
        }
    }

    /** The end of a page. */
    void reached(JsonNode next) {
        ended = !next.isTextual();
        cursor = ended ? Optional.empty() : Optional.of(new FileId(next.asText()));
    }

    int matched() {
        return accepted + refused;
    }

    boolean ended() {
        return ended;
    }

    Optional<FileId> cursor() {
        return cursor;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("dryRun", dryRun)
                .put("matched", matched())
                .put("accepted", accepted)
                .put("refused", refused);
        json.set("ids", ids);
        json.set("refusals", refusals);
        cursor.ifPresentOrElse(next -> json.put("cursor", next.value()), () -> json.putNull("cursor"));
        return json;
    }
}
