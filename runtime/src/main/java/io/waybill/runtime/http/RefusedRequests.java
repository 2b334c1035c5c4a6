package io.waybill.runtime.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import java.util.Arrays;

/** Counts requests that are refused because of who sends them. Safe for several threads. */
final class RefusedRequests {
    static final String FORBIDDEN = "forbidden";
    static final String THROTTLED = "throttled";

    private static final String REFUSED = "waybill.http.refused";

    private final MeterRegistry meters;

    RefusedRequests(MeterRegistry meters) {
        this.meters = meters;
        Arrays.stream(Reason.values()).map(Reason::label).forEach(this::register);
        register(FORBIDDEN);
        register(THROTTLED);
    }

    private void register(String reason) {
        meters.counter(REFUSED, "reason", reason);
    }

    void count(String reason) {
        meters.counter(REFUSED, "reason", reason).increment();
    }
}
