package io.waybill.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import java.util.List;
import java.util.Map;

/** Reads small configurations and their faults. */
final class ConfigFixture {
    static final String FINGERPRINT = "SHA256:" + "A".repeat(43);

    /** What every configuration must have; 4 lines. */
    static final String CLUSTER =
            """
            kafka:
              bootstrap.servers: broker:9092
            schema.registry.url: http://registry:8081
            #
            """;

    /** A destination with no key more than it must have; 7 lines. */
    static final String ACME =
            """
            destinations:
              acme:
                host: sftp.acme.example
                user: waybill
                password: env:ACME
                hostKeys: [%s]
            #
            """
                    .formatted(FINGERPRINT);

    static final Overrides ENVIRONMENT = new Overrides(Map.of(), Map.of("ACME", "hunter2"));

    private ConfigFixture() {}

    static WaybillConfig read(String yaml) {
        return WaybillConfig.parse("waybill.yaml", yaml, ENVIRONMENT, List.of());
    }

    static WaybillConfig read(String yaml, Map<String, String> flags, Map<String, String> environment) {
        return WaybillConfig.parse("waybill.yaml", yaml, new Overrides(flags, environment), List.of());
    }

    static List<String> problems(String yaml) {
        return problems(yaml, ENVIRONMENT);
    }

    static List<String> problems(String yaml, Overrides overrides) {
        return problems(yaml, overrides, List.of());
    }

    static List<String> problems(String yaml, Overrides overrides, List<OwnSection<?>> sections) {
        BadConfigurationException refused = catchThrowableOfType(
                BadConfigurationException.class,
                () -> WaybillConfig.parse("waybill.yaml", yaml, overrides, sections));
        assertThat(refused).as("the configuration was taken").isNotNull();
        assertThat(refused).hasMessage(String.join(System.lineSeparator(), refused.problems()));
        return refused.problems();
    }

    static DestinationConfig acme(WaybillConfig config) {
        return config.destinations().get(new DestinationName("acme"));
    }

    static Route invoices(WaybillConfig config) {
        return config.routes().get(new RouteName("invoices"));
    }
}
