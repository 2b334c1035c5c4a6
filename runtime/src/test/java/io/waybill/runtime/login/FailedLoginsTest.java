package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FailedLoginsTest {
    private static final String BAD = "Bearer guessed";
    private static final String ADDRESS = "192.0.2.1";

    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private Duration time = Duration.ofDays(1);
    private final FailedLogins logins = new FailedLogins(ProcessClock.of(() -> wall, () -> time.toNanos()));

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            logins.failed(address);
        }
    }

    @Test
    void shouldSlowDownAnAddressThatTriesAndNoOther() {
        fail(ADDRESS, 19);
        assertThat(logins.delay(ADDRESS, BAD)).isEmpty();
        logins.failed(ADDRESS);
        assertThat(logins.delay(ADDRESS, BAD)).contains(Duration.ofSeconds(3));
        assertThat(logins.delay("192.0.2.2", BAD)).isEmpty();

        time = time.plusSeconds(3);
        assertThat(logins.delay(ADDRESS, BAD)).as("one more").isEmpty();
        logins.failed(ADDRESS);
        assertThat(logins.delay(ADDRESS, BAD)).contains(Duration.ofSeconds(3));
        time = time.plus(Duration.ofHours(1));
        fail(ADDRESS, 19);
        assertThat(logins.delay(ADDRESS, BAD)).as("everything is forgotten").isEmpty();
    }

    @Test
    void shouldNeitherFreeNorLockAnAddressWhenTheWallClockIsSet() {
        logins.succeeded("Bearer good");
        fail(ADDRESS, 20);
        wall = wall.plus(Duration.ofDays(1));
        assertThat(logins.delay(ADDRESS, BAD)).contains(Duration.ofSeconds(3));
        assertThat(logins.delay(ADDRESS, "Bearer good")).isEmpty();

        time = time.plusSeconds(60);
        wall = wall.minus(Duration.ofDays(2));
        assertThat(logins.delay(ADDRESS, BAD)).isEmpty();
    }

    /** Else one of many people behind a proxy could lock the others out. */
    @Test
    void shouldTryALoginThatWasGoodALittleAgo() {
        logins.succeeded("Bearer good");
        fail(ADDRESS, 100);
        assertThat(logins.delay(ADDRESS, "Bearer good")).isEmpty();
        assertThat(logins.delay(ADDRESS, BAD)).isPresent();
        time = time.plus(Duration.ofHours(1));
        fail(ADDRESS, 100);
        assertThat(logins.delay(ADDRESS, "Bearer good")).isPresent();
    }

    @Test
    void shouldTakeANetworkForOneAddress() {
        for (int i = 0; i < 100; i++) {
            logins.failed("2001:db8:0:1::" + Integer.toHexString(i + 1));
        }
        assertThat(logins.delay("2001:db8:0:1:ffff::1", BAD)).isPresent();
        assertThat(logins.delay("[2001:db8:0:1:ffff::1]", BAD)).isPresent();
        assertThat(logins.delay("2001:db8:0:2::1", BAD)).isEmpty();
        fail("no address", 100);
        assertThat(logins.delay("no address", BAD)).isPresent();
    }

    @Test
    void shouldNotRememberEverything() {
        for (int i = 0; i < 30_000; i++) {
            logins.failed("10.0." + i / 250 + "." + i % 250);
            logins.succeeded("Bearer " + i);
        }
        assertThat(logins.size()).isEqualTo(10_000);
    }
}
