package io.waybill.lives;

import io.waybill.domain.LedgerMark;
import io.waybill.runtime.ledger.DeliveryIndex;
import java.util.LinkedHashMap;
import java.util.Map;

/** What whoever takes a partition over reads of it. */
final class Reading {
    private final World world;

    Reading(World world) {
        this.world = world;
    }

    Map<String, LedgerMark> marks(Log.Partition ledger) {
        var topic = world.topics().transferLedger();
        Map<String, LedgerMark> marks = new LinkedHashMap<>();
        for (Log.Entry entry : ledger.committed(0)) {
            String key = topic.key().deserializer().deserialize("", entry.key());
            if (entry.value() == null) {
                marks.remove(key);
            } else {
                marks.put(key, topic.value().deserializer().deserialize("", entry.value()));
            }
        }
        if (world.mischief().does(Mutation.INTENTS_NOT_TAKEN_OVER)) {
            marks.values().removeIf(LedgerMark.Prepared.class::isInstance);
        }
        return marks;
    }

    /** How many intents are open. */
    int intents(Log.Partition ledger) {
        return (int) marks(ledger).values().stream().filter(LedgerMark.Prepared.class::isInstance).count();
    }

    DeliveryIndex index(Log.Partition entries) {
        var index = new DeliveryIndex();
        if (world.mischief().does(Mutation.INDEX_NOT_READ)) {
            return index;
        }
        var topic = world.topics().deliveryIndex();
        for (Log.Entry entry : entries.committed(0)) {
            index.apply(
                    topic.key().deserializer().deserialize("", entry.key()),
                    entry.value() == null ? null : topic.value().deserializer().deserialize("", entry.value()));
        }
        return index;
    }
}
