package io.waybill.state.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.domain.Failure;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Receipt;
import io.waybill.domain.SourceObject;
import java.time.Instant;

/** A file in the words of file-state, without the fields that say nothing about it. */
final class FileJson {
    private FileJson() {}

    static ObjectNode of(FileState file) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", file.id().value())
                .put("route", file.route().value())
                .put("status", file.status().name())
                .put("stage", file.phase().stage().name())
                .put("sending", file.phase().attempt().sending())
                .put("attempt", file.phase().attempt().number())
                .put("version", file.version());
        source(json, file.source());
        if (file.target() != null) {
            json.put("destination", file.target().destination().value())
                    .put("path", file.target().path().value());
        }
        if (file.lane() != null) {
            json.put("lane", file.lane());
        }
        instant(json, "arrivedAt", file.arrivedAt());
        instant(json, "changedAt", file.changedAt());
        phase(json, file.phase());
        if (file.receipt() != null) {
            json.set("receipt", receipt(file.receipt()));
        }
        return json;
    }

    private static void source(ObjectNode json, SourceObject source) {
        json.put("bucket", source.bucket()).put("key", source.key());
        if (source.versionId() != null) {
            json.put("versionId", source.versionId());
        }
        json.put("etag", source.etag()).put("size", source.size());
        instant(json, "lastModified", source.lastModified());
    }

    private static void phase(ObjectNode json, Phase phase) {
        switch (phase) {
            case Phase.Queued queued -> instant(json, "claimBy", queued.claimBy());
            case Phase.Waiting waiting -> {
                failure(json, waiting.reason());
                instant(json, "due", waiting.due());
                instant(json, "claimBy", waiting.claimBy());
            }
            case Phase.Started started -> {
                json.put("by", started.by());
                if (started.claimId() != null) {
                    json.put("claimId", started.claimId());
                }
                instant(json, "finishBy", started.finishBy());
                if (started.heartbeatBy() != null) {
                    instant(json, "heartbeatBy", started.heartbeatBy());
                }
            }
            case Phase.Completed completed -> json.put("late", completed.late());
            case Phase.Failed failed -> failure(json, failed.failure());
            case Phase.TimedOut timedOut -> json.put("deadline", timedOut.kind().name());
        }
    }

    private static void failure(ObjectNode json, Failure failure) {
        json.put("failure", failure.kind().name()).put("detail", failure.detail());
    }

    private static ObjectNode receipt(Receipt receipt) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("path", receipt.path().value())
                .put("bytes", receipt.bytes());
        if (!receipt.sha256().isEmpty()) {
            json.put("sha256", receipt.sha256());
        }
        return json.put("proof", receipt.proof().name())
                .put("destinationClass", receipt.destinationClass().name())
                .put("durationMillis", receipt.duration().toMillis());
    }

    /** ISO 8601 in UTC. */
    private static void instant(ObjectNode json, String field, Instant instant) {
        json.put(field, instant.toString());
    }
}
