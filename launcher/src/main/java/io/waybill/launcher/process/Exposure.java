package io.waybill.launcher.process;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.util.List;

/** What an operator must say before a process shows its API to other machines. */
final class Exposure {
    private Exposure() {}

    /**
     * Refuses to serve the API to others unless the operator has said who may use it.
     *
     * @param api      whether the process serves the API, and not only health and metrics
     * @param passesOn whether it may have to pass requests on to other instances
     * @throws BadConfigurationException with the line to add
     */
    static void require(HttpSettings http, boolean api, boolean passesOn) {
        if (!api || http.loopback()) {
            return;
        }
        if (http.access().auth().isEmpty()) {
            throw new BadConfigurationException(List.of("http.auth: is missing, and http.host " + http.host()
                    + " can be reached by others. Below http: add 'auth: tokens' and tokens, which './waybill token new'"
                    + " makes; or 'auth: none' if a proxy in front has a login"));
        }
        if (passesOn && http.access().login() && http.access().peerSecret().isEmpty()) {
            throw new BadConfigurationException(List.of("http.peerSecret: is missing: without it no instance knows who"
                    + " sent a request that another one passes on. Below http: add"
                    + " 'peerSecret: file:/etc/waybill/secrets/peer', the same for all instances"));
        }
    }
}
