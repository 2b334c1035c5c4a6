package io.waybill.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileId;
import io.waybill.domain.IngestRetry.Parked;
import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.Route;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Texts;
import io.waybill.ingest.Batch.Reading;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.ingest.Unrouted.Cause;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of one batch, or of parked objects: the records to write, and how many object events ended in which way. Use
 * it in one thread and for one transaction.
 */
final class BatchResult {
    private static final Logger LOG = LoggerFactory.getLogger(BatchResult.class);

    private static final int MAX_FAULTS = 5;
    private static final int MAX_FAULT_CHARACTERS = 2_000;

    private final Routing routing;
    private final Topics topics;
    private final Instant now;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Unrouted.Entry> unrouted = new ArrayList<>();
    private final Set<FileId> arrived = new HashSet<>();
    private int notifications;
    private int matched;
    private int repeated;
    private int unmatched;
    private int gone;
    private int ignored;
    private int unreadable;
    private int deadLetters;
    private int parked;
    private int voidMarks;

    /**
     * @param now the time of the arrivals
     */
    BatchResult(Routing routing, Topics topics, Instant now) {
        this.routing = routing;
        this.topics = topics;
        this.now = now;
    }

    /**
     * What the store said about the objects of a batch.
     *
     * @param answers  its answers
     * @param failures why there is none, for questions that failed; the others are not answered yet
     */
    record Answers(Map<Question, Answer> answers, Map<Question, Failure> failures) {}

    /**
     * Why the store did not answer a question.
     *
     * @param why      for people
     * @param ofObject whether the object is at fault, as far as ingest knows
     */
    record Failure(String why, boolean ofObject) {}

    /** Adds a notification. Objects without an answer are parked. */
    void add(Reading reading, Answers answers) {
        notifications++;
        var faults = new ArrayList<String>();
        int index = 0;
        for (ObjectEvent objectEvent : reading.objectEvents()) {
            switch (objectEvent) {
                case Created created -> add(reading, index, created, answers, faults);
                case Ignored _ -> ignored++;
                case Unreadable(var fault) -> faults.add(fault);
            }
            index++;
        }
        unreadable += faults.size();
        if (!faults.isEmpty()) {
            letter(reading, reason(faults) + again(reading.place()));
        }
    }

    /** Makes one letter of a notification, whatever is in it. */
    void skip(Reading reading, String reason) {
        notifications++;
        unreadable += reading.objectEvents().size();
        letter(reading, reason + again(reading.place()));
        unpark(reading.place().partition(), reading.place().toString());
    }

    private void letter(Reading reading, String reason) {
        deadLetters++;
        LOG.atWarn()
                .addKeyValue("topic", reading.record().topic())
                .addKeyValue("partition", reading.record().partition())
                .addKeyValue("offset", reading.record().offset())
                .addKeyValue("failure", reason)
                .log("A notification, or part of it, cannot be read and goes to the dead letters");
        var letter = PoisonLetter.of(now, reading.record(), reason);
        records.add(topics.deadLetters().record(letter.key(), letter));
    }

    private static String again(Place place) {
        return "; './waybill retry --record " + place + "' reads it again";
    }

    /** Returns the first faults of a record. It cuts each fault so that all of them fit into a dead letter. */
    private static String reason(List<String> faults) {
        String first = faults.stream()
                .limit(MAX_FAULTS)
                .map(fault -> Texts.cut(fault, MAX_FAULT_CHARACTERS))
                .collect(Collectors.joining("; "));
        return faults.size() <= MAX_FAULTS ? first : first + "; and " + (faults.size() - MAX_FAULTS) + " more";
    }

    private void add(Reading reading, int index, Created created, Answers answers, List<String> faults) {
        List<Route> routes = routing.of(created);
        if (routes.isEmpty()) {
            unmatched(created.object(), routing.takesKey(created)
                    ? "source.events leaves out " + created.eventName()
                    : "no route takes it");
            return;
        }
        if (SourceObject.hasDotParts(created.object().key())) {
            refused(Cause.BAD_NAME, created.object(), "the key has a part '.' or '..'", faults);
            return;
        }
        Duration settle = Routing.settle(routes);
        if (settle.isPositive()) {
            park(reading.place(), index, created, "settles", now.plus(settle));
        }
        if (Routing.anyAtOnce(routes)) {
            addAtOnce(reading, index, created, answers, faults);
        }
    }

    private void addAtOnce(Reading reading, int index, Created created, Answers answers, List<String> faults) {
        Answer answer = answers.answers().get(created.question());
        if (answer != null) {
            ended(created.object(), created.eventName(), false, answer, faults);
            return;
        }
        Failure failure = answers.failures().getOrDefault(
                created.question(), new Failure("the store has not answered yet", false));
        if (failure.ofObject()) {
            unrouted.add(Unrouted.Entry.of(now, Cause.DENIED, created.object(), failure.why() + "; ingest asks again"));
            LOG.atWarn()
                    .addKeyValue("bucket", created.object().bucket())
                    .addKeyValue("key", created.object().key())
                    .addKeyValue("failure", failure.why())
                    .log("The object store does not describe an object; ingest asks again later, and goes on");
        }
        park(reading.place(), index, created, failure.why(), null);
    }

    private void park(Place place, int index, Created created, String why, @Nullable Instant settlesAt) {
        parked++;
        var entry = new Parked(
                place,
                index,
                now,
                why,
                created.object().bucket(),
                created.object().key(),
                created.rawKey(),
                created.object().versionId(),
                created.eventName(),
                settlesAt);
        retry(place.partition(), topics.ingestRetry().record(entry.entryKey(), entry));
    }

    private void retry(int partition, ProducerRecord<byte[], byte[]> entry) {
        records.add(new ProducerRecord<>(entry.topic(), partition, entry.key(), entry.value()));
    }

    /** Removes an entry of the topic of parked objects. */
    void unpark(int partition, String key) {
        retry(partition, topics.ingestRetry().record(key, null));
    }

    /** Ends the waiting of an object with an answer of the store. */
    void add(Parked entry, Answer answer) {
        if (answer instanceof Answer.Refused(var fault)) {
            giveUp(entry, "the store refuses to describe it: " + fault);
            return;
        }
        var object = new ObjectVersion(entry.bucket(), entry.key(), entry.versionId());
        String event = entry.eventName() == null ? "" : entry.eventName();
        ended(object, event, entry.settlesAt() != null, answer, new ArrayList<>());
        unpark(entry.place().partition(), entry.entryKey());
    }

    /** Ends the waiting of an object with a letter, which has a notification of this object alone. */
    void giveUp(Parked entry, String why) {
        unreadable++;
        deadLetters++;
        LOG.atWarn()
                .addKeyValue("bucket", entry.bucket())
                .addKeyValue("key", entry.key())
                .addKeyValue("notification", entry.place())
                .addKeyValue("failure", why)
                .log("Ingest gives an object up; its notification goes to the dead letters");
        unrouted.add(Unrouted.Entry.of(
                now, Cause.DENIED, new ObjectVersion(entry.bucket(), entry.key(), entry.versionId()), why));
        var letter = PoisonLetter.of(
                now,
                topics.s3Notifications().name() + "-" + entry.place(),
                null,
                notification(entry),
                new RecordHeaders(),
                entry.bucket() + "/" + entry.key() + ": " + why + again(entry.place()));
        records.add(topics.deadLetters().record(letter.key(), letter));
        unpark(entry.place().partition(), entry.entryKey());
    }

    /** In the form of EventBridge, which has keys as they are. */
    private static byte[] notification(Parked entry) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("detail-type", "Object Created");
        json.put("source", "waybill");
        var detail = json.putObject("detail");
        detail.put("reason", entry.eventName());
        detail.putObject("bucket").put("name", entry.bucket());
        var object = detail.putObject("object").put("key", entry.key());
        if (entry.rawKey() != null) {
            object.put(EventBridgeEvent.RAW_KEY, entry.rawKey());
        }
        if (entry.versionId() != null) {
            object.put("version-id", entry.versionId());
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void ended(ObjectVersion object, String event, boolean settled, Answer answer, List<String> faults) {
        switch (answer) {
            case Answer.Found(var source, var _, var voidMark) -> {
                voidMark.ifPresent(why -> disbelieved(object, why));
                arrived(object, source, event, settled);
            }
            case Answer.Gone _ -> gone(object);
            case Answer.Archived _ ->
                throw new IllegalStateException("an object of an archive waits until it is restored");
            case Answer.Refused(var fault) ->
                refused(Cause.DENIED, object, "the store refuses to describe it: " + fault, faults);
        }
    }

    private void refused(Cause cause, ObjectVersion object, String why, List<String> faults) {
        unrouted.add(Unrouted.Entry.of(now, cause, object, why));
        faults.add(cause + ": " + object.bucket() + "/" + object.key() + ": " + why);
    }

    private void arrived(ObjectVersion object, SourceObject source, String event, boolean settled) {
        List<Route> routes = routing.of(source, event, settled, now);
        if (routes.isEmpty()) {
            unmatched(object, event.equals(S3EventRecord.RESTORED)
                    ? "it was restored, and was written at " + source.lastModified()
                            + ": that is longer ago than the retention of its route, so it may have been delivered then"
                    : "it has " + source.size() + " bytes, less than source.minBytes, or no route takes its key");
            return;
        }
        boolean news = false;
        for (Route route : routes) {
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

    /** It is a file all the same: who wrote the object meant it to be delivered. */
    private void disbelieved(ObjectVersion object, String why) {
        voidMarks++;
        LOG.atWarn()
                .addKeyValue("bucket", object.bucket())
                .addKeyValue("key", object.key())
                .addKeyValue("versionId", object.versionId())
                .addKeyValue("reason", why)
                .log("The object's mark of an origin is void; the object counts as one without a mark");
    }

    private void unmatched(ObjectVersion object, String why) {
        unmatched++;
        unrouted.add(Unrouted.Entry.of(now, Cause.NO_ROUTE, object, why));
        LOG.atDebug()
                .addKeyValue("bucket", object.bucket())
                .addKeyValue("key", object.key())
                .addKeyValue("reason", why)
                .log("No route takes the object");
    }

    private void gone(ObjectVersion object) {
        gone++;
        unrouted.add(Unrouted.Entry.of(now, Cause.GONE, object, "the store does not have it"));
        LOG.atWarn()
                .addKeyValue("bucket", object.bucket())
                .addKeyValue("key", object.key())
                .addKeyValue("versionId", object.versionId())
                .log("The object was gone before it was seen; it is no file");
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return records;
    }

    /** The objects of which no file came. */
    List<Unrouted.Entry> unrouted() {
        return unrouted;
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
                deadLetters,
                parked,
                voidMarks);
    }
}
