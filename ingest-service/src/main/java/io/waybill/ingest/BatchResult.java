package io.waybill.ingest;

import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileId;
import io.waybill.domain.Route;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Texts;
import io.waybill.ingest.Batch.Reading;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectCatalog.Answer.Found;
import io.waybill.store.ObjectCatalog.Answer.Gone;
import io.waybill.store.ObjectCatalog.Answer.Refused;
import io.waybill.store.ObjectVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of one batch: the records to write, and how many object events ended in which way. Use it in one thread
 * and for one batch.
 */
final class BatchResult {
    private static final Logger LOG = LoggerFactory.getLogger(BatchResult.class);

    private static final int MAX_FAULTS = 5;
    private static final int MAX_FAULT_CHARACTERS = 2_000;

    private final Routing routing;
    private final Topics topics;
    private final Map<ObjectVersion, Answer> answers;
    private final Instant now;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Set<FileId> arrived = new HashSet<>();
    private int notifications;
    private int matched;
    private int repeated;
    private int unmatched;
    private int gone;
    private int ignored;
    private int unreadable;
    private int deadLetters;

    /**
     * @param answers one answer for each object that a route takes
     * @param now     the time of the arrivals
     */
    BatchResult(Routing routing, Topics topics, Map<ObjectVersion, Answer> answers, Instant now) {
        this.routing = routing;
        this.topics = topics;
        this.answers = answers;
        this.now = now;
    }

    void add(Reading reading) {
        notifications++;
        var faults = new ArrayList<String>();
        for (ObjectEvent objectEvent : reading.objectEvents()) {
            switch (objectEvent) {
                case Created(var object) when routing.takes(object) -> add(object, faults);
                case Created(var object) -> unmatched(object);
                case Ignored _ -> ignored++;
                case Unreadable(var fault) -> faults.add(fault);
            }
        }
        unreadable += faults.size();
        if (!faults.isEmpty()) {
            deadLetters++;
            LOG.atWarn()
                    .addKeyValue("topic", reading.record().topic())
                    .addKeyValue("partition", reading.record().partition())
                    .addKeyValue("offset", reading.record().offset())
                    .addKeyValue("failure", faults.getFirst())
                    .log("A notification, or part of it, cannot be read and goes to the dead letters");
            var letter = PoisonLetter.of(now, reading.record(), reason(faults));
            records.add(topics.deadLetters().record(letter.key(), letter));
        }
    }

    /** Returns the first faults of a record. It cuts each fault so that all of them fit into a dead letter. */
    private static String reason(List<String> faults) {
        String first = faults.stream()
                .limit(MAX_FAULTS)
                .map(fault -> Texts.cut(fault, MAX_FAULT_CHARACTERS))
                .collect(Collectors.joining("; "));
        return faults.size() <= MAX_FAULTS ? first : first + "; and " + (faults.size() - MAX_FAULTS) + " more";
    }

    private void add(ObjectVersion object, List<String> faults) {
        switch (answers.get(object)) {
            case Found(var source, var _) -> add(object, source);
            case Gone _ -> gone(object);
            case Refused(var fault) ->
                faults.add("the store refuses to describe " + object.bucket() + "/" + object.key() + ": " + fault);
            case null -> throw new IllegalStateException("a batch is assessed before every question is answered");
        }
    }

    private void add(ObjectVersion object, SourceObject source) {
        boolean news = false;
        for (Route route : routing.of(object)) {
            FileId id = FileId.of(route.name(), source.bucket(), source.key(), source.version());
            if (arrived.add(id)) {
                records.add(topics.fileEvents().record(id, new Arrived(id, now, route.name(), source)));
                news = true;
            }
        }
        if (news) {
            matched++;
        } else {
            repeated++;
        }
    }

    private void unmatched(ObjectVersion object) {
        unmatched++;
        LOG.atDebug()
                .addKeyValue("bucket", object.bucket())
                .addKeyValue("key", object.key())
                .log("No route takes the object");
    }

    private void gone(ObjectVersion object) {
        gone++;
        LOG.atInfo()
                .addKeyValue("bucket", object.bucket())
                .addKeyValue("key", object.key())
                .addKeyValue("versionId", object.versionId())
                .log("The object was gone before it was seen; it is no file");
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return records;
    }

    BatchCounts counts() {
        return new BatchCounts(
                notifications,
                matched,
                repeated,
                unmatched,
                gone,
                ignored,
                unreadable,
                arrived.size(),
                deadLetters);
    }
}
