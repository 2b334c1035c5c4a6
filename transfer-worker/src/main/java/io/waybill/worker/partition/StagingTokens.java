package io.waybill.worker.partition;

import io.waybill.runtime.ledger.ClusterFacts.Home;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What makes the names that executions write to unique: {@code TAG-RANDOM}. The tag is the partition's, so that its owner
 * knows which of the names in a directory he answers for; the random part is one execution's, of 40 bits. Any thread.
 */
public final class StagingTokens {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 8;
    private static final Pattern TOKEN = Pattern.compile("(?<=\\.)p\\d+-[0-9a-z]+-[a-z2-7]{" + LENGTH + "}");
    private static final RandomGenerator SECURE = new SecureRandom();

    private final String tag;
    private final RandomGenerator random;
    private final Set<String> live = ConcurrentHashMap.newKeySet();

    /**
     * @param tag    no other partition of any cluster has it
     * @param random as good as no two executions draw the same from it
     */
    StagingTokens(String tag, RandomGenerator random) {
        this.tag = tag;
        this.random = random;
    }

    /** @param tag no other partition of any cluster has it */
    public StagingTokens(String tag) {
        this(tag, SECURE);
    }

    /** Of a partition of work. */
    public static StagingTokens of(Home home, int partition) {
        return of(home, partition, SECURE);
    }

    /** @param random as good as no two executions draw the same from it */
    public static StagingTokens of(Home home, int partition, RandomGenerator random) {
        var crc = new CRC32C();
        crc.update((home.clusterId() + home.topicId()).getBytes(StandardCharsets.UTF_8));
        return new StagingTokens("p" + partition + "-" + Long.toString(crc.getValue(), Character.MAX_RADIX), random);
    }

    /** A token that counts as live until it is retired. */
    public String next() {
        var token = new StringBuilder(tag).append('-');
        for (int i = 0; i < LENGTH; i++) {
            token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        live.add(token.toString());
        return token.toString();
    }

    /** The execution has come to its end. */
    public void retire(String token) {
        live.remove(token);
    }

    /** Whether a name was made for this partition, by an execution that is not under way here. */
    public boolean abandoned(String name) {
        Matcher found = TOKEN.matcher(name);
        return found.find() && found.group().startsWith(tag + "-") && !live.contains(found.group());
    }

    /** Whether two names were made by the same execution. */
    public static boolean same(String name, String other) {
        Matcher found = TOKEN.matcher(name);
        return found.find() && other.contains(found.group());
    }
}
