package io.waybill.launcher.environment;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.service.ServiceRegistration;
import java.util.Map;

/** Which service a log line comes from. */
final class LogOrigin {
    /** The properties of logback's context that say what this process runs. */
    static final String SERVICES = "waybill.services";
    static final String WORKER = "waybill.worker";

    private LogOrigin() {}

    /**
     * The service whose code logs; else the services of the process, with commas between; empty if it runs none.
     *
     * @param logger  the name of the logger, a class
     * @param process properties of logback's context
     */
    static String service(String logger, Map<String, String> process) {
        for (ServiceRegistration service : Services.ALL) {
            if (logger.startsWith(service.getClass().getPackageName() + ".")) {
                return service.name();
            }
        }
        return process.getOrDefault(SERVICES, "");
    }
}
