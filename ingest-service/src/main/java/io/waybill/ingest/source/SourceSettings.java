package io.waybill.ingest.source;

import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.Section;
import io.waybill.runtime.config.SectionReader;
import io.waybill.store.OriginSeal;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The section of the configuration that says where files come from.
 *
 * @param originSecrets seal the marks of origins, the first of them, and verify them, each of them
 * @param queues        in the order of the configuration
 */
public record SourceSettings(List<Secret> originSecrets, List<QueueSource> queues) {
    private static final int SHORTEST_SECRET = 32;
    private static final int MOST_SECRETS = 2;

    private static final Key<List<String>> ORIGIN_SECRET = Key.optional(
            "originSecret",
            KeyType.SECRETS,
            "no object's origin is believed",
            "Seals the marks of origins, the same for all instances; one secret, or two while the first replaces the"
                    + " second, with at least 32 characters each.")
            .see("sources.md");

    /** The section {@code sources}: a source below each name. */
    public static final OwnSection<SourceSettings> SECTION = new OwnSection<>(
            Section.named(
                    "sources",
                    "Where files come from besides the topic of the store's notifications.",
                    List.of(ORIGIN_SECRET),
                    QueueSource.KEYS),
            keys -> new SourceSettings(secrets(keys), queues(keys)));

    private static List<QueueSource> queues(SectionReader keys) {
        var sources = new ArrayList<QueueSource>();
        var names = new HashMap<URI, String>();
        keys.named().forEach((name, section) -> QueueSource.read(name, section).ifPresent(source -> {
            String other = names.putIfAbsent(source.address(), name);
            if (other != null) {
                section.problem(QueueSource.QUEUE, "is the queue of source '" + other + "', too");
            }
            sources.add(source);
        }));
        return List.copyOf(sources);
    }

    /** Proves which objects our own sources put into the store. */
    public OriginSeal seal() {
        return new OriginSeal(originSecrets);
    }

    private static List<Secret> secrets(SectionReader keys) {
        List<Secret> secrets = keys.secrets(ORIGIN_SECRET);
        if (secrets.size() > MOST_SECRETS) {
            keys.problem(ORIGIN_SECRET, "expected one secret, or two while the first one replaces the second, found "
                    + secrets.size());
        }
        if (secrets.stream().anyMatch(secret -> secret.reveal().length() < SHORTEST_SECRET)) {
            keys.problem(ORIGIN_SECRET, "expected at least " + SHORTEST_SECRET + " characters in each");
        }
        return secrets;
    }
}
