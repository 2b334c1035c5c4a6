package io.waybill.runtime.ledger;

import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.Texts;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.LedgerView.Unreadable;
import io.waybill.runtime.topic.PoisonLetter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** One partition of the ledger while it is read, and the judgement of the records found. Not for several threads. */
final class LedgerPartition {
    /** Keys of Waybill's own marks are shorter. */
    private static final int LONGEST_KEY = 60;

    private final int number;
    private final Bounds ledger;
    private final Map<String, LedgerMark> marks = new HashMap<>();
    private @Nullable Position position;
    /** By the key as it is in the topic: a key that is no text is not the same after it was read and written as text. */
    private final Map<ByteBuffer, Unreadable> unreadable = new LinkedHashMap<>();
    private boolean written;

    LedgerPartition(int number, Bounds ledger) {
        this.number = number;
        this.ledger = ledger;
    }

    long end() {
        return ledger.end();
    }

    void take(ConsumerRecord<byte[], byte[]> record, Deserializer<String> keys, Deserializer<LedgerMark> values) {
        written = true;
        String key = keys.deserialize(record.topic(), record.key());
        LedgerMark mark;
        try {
            mark = values.deserialize(record.topic(), record.value());
        } catch (RuntimeException e) {
            if (!PoisonLetter.blames(e)) {
                throw e;
            }
            // An unreadable mark may forbid to continue.
            ByteBuffer raw = ByteBuffer.wrap(record.key());
            unreadable.put(raw,
                    new Unreadable(raw, key,
                            "the mark '" + Texts.cut(key, LONGEST_KEY) + "' at offset " + record.offset() + " of "
                                    + record.topic() + " cannot be read: " + e.getMessage()));
            return;
        }
        unreadable.remove(ByteBuffer.wrap(record.key()));
        switch (mark) {
            case null -> {
                marks.remove(key);
                position = key.equals(LedgerMark.POSITION_KEY) ? null : position;
            }
            case Position found -> position = found;
            case LedgerMark.Staging _, LedgerMark.Prepared _ -> marks.put(key, mark);
        }
    }

    LedgerView judged(String topic, Home home, Bounds work, OptionalLong groupOffset, DeliveryIndex index) {
        List<Unreadable> marksUnread = List.copyOf(unreadable.values());
        Optional<String> hold = marksUnread.stream()
                .findFirst()
                .map(first -> marksUnread.size() == 1 ? first.reason()
                        : first.reason() + "; and " + (marksUnread.size() - 1) + " more")
                .or(() -> position == null ? strange(work, groupOffset) : fault(position, topic, home, work));
        Optional<Position> found = Optional.ofNullable(position);
        return new LedgerView(
                number,
                hold.isPresent() ? found
                        : found.or(() -> Optional.of(
                                Position.at(0, home.clusterId(), home.topicId()))),
                marks,
                work,
                groupOffset,
                hold,
                marksUnread,
                index);
    }

    private static Optional<String> fault(Position position, String topic, Home home, Bounds work) {
        if (!position.clusterId().equals(home.clusterId())) {
            return Optional.of("the position belongs to the cluster " + position.clusterId() + ", this cluster is "
                    + home.clusterId());
        }
        if (!position.topicId().equals(home.topicId())) {
            return Optional.of("the position belongs to a topic with the id " + position.topicId() + "; " + topic
                    + " has the id " + home.topicId() + ", so somebody deleted the topic and created it again");
        }
        if (position.next() < work.start()) {
            return Optional.of("the position is " + position.next() + ", but the first remaining record of " + topic
                    + " is at " + work.start() + "; the records between were deleted before they were done");
        }
        if (position.next() > work.end()) {
            return Optional.of("the position is " + position.next() + ", but " + topic + " ends at " + work.end()
                    + "; its last records are lost");
        }
        return Optional.empty();
    }

    /**
     * The evidence that a worker worked on a partition without a position. Records of aborted transactions are no
     * evidence: a worker leaves them if it dies in its first transaction.
     */
    private Optional<String> strange(Bounds work, OptionalLong groupOffset) {
        if (written || ledger.start() > 0) {
            return Optional.of("there is no position, although the ledger was written to");
        }
        if (groupOffset.isPresent()) {
            return Optional.of("there is no position, although the workers committed the offset "
                    + groupOffset.getAsLong() + " to their consumer group");
        }
        return work.start() == 0
                ? Optional.empty()
                : Optional.of("there is no position, although work before offset " + work.start() + " was removed");
    }
}
