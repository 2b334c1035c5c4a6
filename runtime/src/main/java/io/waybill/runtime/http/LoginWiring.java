package io.waybill.runtime.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.login.BearerLogin;
import io.waybill.runtime.login.CodeLogin;
import io.waybill.runtime.login.FailedLogins;
import io.waybill.runtime.login.Sessions;
import io.waybill.runtime.time.ProcessClock;
import java.util.Optional;

/**
 * What of an endpoint knows callers.
 *
 * @param pages empty if people do not log in
 */
record LoginWiring(Gate gate, Optional<LoginPages> pages) {
    static LoginWiring of(HttpSettings settings, MeterRegistry meters, ProcessClock clock) {
        AccessSettings access = settings.access();
        var bearer = new BearerLogin(access, clock);
        // One for pages and API: who tries tokens tries them wherever they are taken.
        var failures = new FailedLogins(clock);
        // A proxy brings all people under one address. Who tries tokens must not lock those out who come from the issuer.
        var answers = new FailedLogins(clock);
        var refusals = new RefusedRequests(meters);
        PublicAddress address = PublicAddress.of(settings);
        Optional<Sessions> sessions = access.cookies().map(some -> new Sessions(some, bearer, clock));
        Optional<Cookies> cookies = sessions.map(some -> new Cookies(some, address));
        return new LoginWiring(
                new Gate(access, bearer, cookies, failures, refusals, clock),
                sessions.flatMap(some -> cookies.map(jar -> new LoginPages(
                        some, jar, CodeLogin.of(access, bearer, some, clock), failures, answers, refusals, address))));
    }
}
