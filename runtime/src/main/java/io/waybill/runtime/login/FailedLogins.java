package io.waybill.runtime.login;

import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.time.ProcessClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Slows down those who try logins. Each address may fail {@value #BURST} times, and then once in {@link #REFILL}. A login
 * that was good within {@link #REMEMBERED} is tried in any case: a proxy brings all its people under one address, and
 * one of them must not lock the others out. A wall clock that is set neither frees an address nor locks one. Remembers a
 * bounded number of addresses and logins, the latest ones. Safe for several threads.
 */
public final class FailedLogins {
    static final int BURST = 20;
    static final Duration REFILL = Duration.ofSeconds(3);
    static final Duration REMEMBERED = Duration.ofHours(1);
    static final int MOST = 10_000;

    private static final int IPV6_BYTES = 16;
    /** Who has one IPv6 address mostly has all with these first bytes. */
    private static final int NETWORK_BYTES = 8;

    private final ProcessClock clock;
    /** The moment at which all failures of an address are forgotten. */
    private final Map<String, Long> debts = new Latest<>();
    /** When a login was last good, by its digest. */
    private final Map<String, Long> good = new Latest<>();

    public FailedLogins(ProcessClock clock) {
        this.clock = clock;
    }

    /** Forgets what was not used for the longest time. */
    private static final class Latest<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1;

        Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    /**
     * How long an address must wait before a login from it is tried; empty if it is tried now.
     *
     * @param login the header with the login
     */
    public synchronized Optional<Duration> delay(String address, String login) {
        @Nullable Long debt = debts.get(network(address));
        if (debt == null) {
            return Optional.empty();
        }
        Duration wait = clock.until(debt).minus(REFILL.multipliedBy(BURST - 1L));
        @Nullable Long last = good.get(TokenHash.of(login).text());
        boolean known = last != null && clock.since(last).compareTo(REMEMBERED) < 0;
        return wait.isPositive() && !known ? Optional.of(wait) : Optional.empty();
    }

    /** Counts a login that is not good. */
    public synchronized void failed(String address) {
        debts.merge(
                network(address), clock.after(REFILL),
                (debt, one) -> clock.isOver(debt) ? one : debt + REFILL.toNanos());
    }

    /** Remembers a good login. */
    public synchronized void succeeded(String login) {
        good.put(TokenHash.of(login).text(), clock.nanos());
    }

    /** For tests: how much it remembers. */
    synchronized int size() {
        return Math.max(debts.size(), good.size());
    }

    private static String network(String address) {
        try {
            // Jetty gives an IPv6 address in brackets.
            byte[] bytes = InetAddress.ofLiteral(address.replaceAll("[\\[\\]]", "")).getAddress();
            return bytes.length == IPV6_BYTES ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) : address;
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
