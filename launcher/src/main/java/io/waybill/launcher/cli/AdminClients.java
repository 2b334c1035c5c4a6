package io.waybill.launcher.cli;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Makes clients for questions to a cluster while a user waits for the answer. */
final class AdminClients {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private AdminClients() {}

    /** Makes a client that gives up early, also when it is closed. Settings of the operator take precedence. */
    static Admin of(WaybillConfig config) {
        Map<String, Object> settings = new HashMap<>(new ClientSettings(config.kafka()).admin());
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        return Admin.create(settings);
    }
}
