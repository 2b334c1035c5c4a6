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
 * Makes the names unique that executions write to: {@code TAG-RANDOM}. The tag belongs to the partition, so that the
 * partition's owner knows for which names in a directory it is responsible. The random part has 40 bits and belongs to one
 * execution. Any thread.
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
     * @param random must be good enough that no two executions draw the same token
     */
    StagingTokens(String tag, RandomGenerator random) {
        this.tag = tag;
        this.random = random;
    }

    /**
     * @param tag no other partition of any cluster has it
     */
    public StagingTokens(String tag) {
        this(tag, SECURE);
    }

    /** The tokens of a partition of work. */
    public static StagingTokens of(Home home, int partition) {
        return of(home, partition, SECURE);
    }

    /**
     * @param random must be good enough that no two executions draw the same token
     */
    public static StagingTokens of(Home home, int partition, RandomGenerator random) {
        var crc = new CRC32C();
        crc.update((home.clusterId() + home.topicId()).getBytes(StandardCharsets.UTF_8));
        return new StagingTokens("p" + partition + "-" + Long.toString(crc.getValue(), Character.MAX_RADIX), random);
    }

    /** A new token, which counts as live until it is retired. */
    public String next() {
        var token = new StringBuilder(tag).append('-');
        for (int i = 0; i < LENGTH; i++) {
            token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        live.add(token.toString());
        return token.toString();
    }

    /** The execution has ended. */
    public void retire(String token) {
        live.remove(token);
    }

    /** Whether an execution of this partition that is not under way here made the name. */
    public boolean abandoned(String name) {
        Matcher found = TOKEN.matcher(name);
        return found.find() && found.group().startsWith(tag + "-") && !live.contains(found.group());
    }

    /** Whether the same execution made both names. */
    public static boolean same(String name, String other) {
        Matcher found = TOKEN.matcher(name);
        return found.find() && other.contains(found.group());
    }
}
