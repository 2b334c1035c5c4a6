package io.waybill.runtime.wire;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the schema registry refuses the login now. A reader that meets a refusal reads its record again and again,
 * so that no record becomes a dead letter. Somebody must learn of that. Safe for several threads.
 */
final class LoginWatch {
    /** Under this name it is passed on to serializer and deserializer, which Kafka's way of configuration makes. */
    static final String PROPERTY = "waybill.login.watch";

    private static final Logger LOG = LoggerFactory.getLogger(LoginWatch.class);

    private final AtomicBoolean refused = new AtomicBoolean();

    /** The one of the properties; a new one if they have none. */
    static LoginWatch of(Map<String, ?> properties) {
        return properties.get(PROPERTY) instanceof LoginWatch watch ? watch : new LoginWatch();
    }

    boolean refused() {
        return refused.get();
    }

    /**
     * Takes the status of an answer. Logs only changes: each reader logs its own repetitions.
     *
     * @param registry its address, for people
     */
    void answered(String registry, int status) {
        boolean refusal = status == RegistryCheck.UNAUTHORIZED;
        if (refused.getAndSet(refusal) == refusal) {
            return;
        }
        if (refusal) {
            LOG.atError()
                    .addKeyValue("registry", registry)
                    .addKeyValue("failure", RegistryCheck.refusal(status))
                    .log("Records wait, since the schema registry does not let Waybill in; correct the login and restart");
        } else {
            LOG.atInfo().addKeyValue("registry", registry).log("The schema registry takes the login again");
        }
    }
}
