package io.waybill.monitor;

import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.Section;
import java.time.Duration;

/**
 * The section of the configuration that the monitor alone reads.
 *
 * @param tick how often the monitor looks for due deadlines; more than zero
 */
public record MonitorSettings(Duration tick) {
    private static final Key<Duration> TICK = Key.of(
            "tick", KeyType.POSITIVE_DURATION, Duration.ofSeconds(1), "How often deadlines are looked at.");

    /** The section {@code monitor}. */
    public static final OwnSection<MonitorSettings> SECTION = new OwnSection<>(
            Section.fixed("monitor", "The timeout-monitor.", TICK), keys -> new MonitorSettings(keys.get(TICK)));
}
