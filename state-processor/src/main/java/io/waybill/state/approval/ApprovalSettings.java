package io.waybill.state.approval;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.Section;
import io.waybill.runtime.config.WaybillConfig;
import java.time.Duration;
import java.util.List;

/**
 * The section of the configuration that says which requests wait for a second person.
 *
 * @param bulk     a request about more files waits; 0 if none waits
 * @param validFor how long an approval can be used, from when it was asked for; more than zero
 */
public record ApprovalSettings(int bulk, Duration validFor) {
    private static final Key<Integer> BULK = Key.of(
            "bulk",
            KeyType.number(0, 1_000_000_000),
            0,
            "A request of an operator about more files waits until a second person approves it; 0: none waits.")
            .see("http-api.md#approvals");

    private static final Key<Duration> VALID_FOR = Key.of(
            "validFor",
            KeyType.POSITIVE_DURATION,
            Duration.ofHours(24),
            "How long an approval can be given and used, from when it was asked for.");

    /** The section {@code approvals}. */
    public static final OwnSection<ApprovalSettings> SECTION = new OwnSection<>(
            Section.fixed("approvals", "Requests that wait for a second person.", BULK, VALID_FOR),
            keys -> new ApprovalSettings(keys.get(BULK), keys.get(VALID_FOR)));

    /**
     * The settings of a configuration.
     *
     * @throws BadConfigurationException if nobody could be told apart from the one who asks
     */
    public static ApprovalSettings of(WaybillConfig config) {
        ApprovalSettings settings = config.of(SECTION);
        if (settings.bulk > 0 && !config.http().access().login()) {
            throw new BadConfigurationException(List.of("approvals.bulk: is " + settings.bulk + ", but without a login"
                    + " Waybill cannot tell a second person from the first. Below http: add 'auth: tokens' and"
                    + " tokens, which './waybill token new' makes; or leave approvals out"));
        }
        return settings;
    }

    /** Whether a request about so many files waits. */
    public boolean waits(long files) {
        return bulk > 0 && files > bulk;
    }
}
