package io.waybill.e2e.secured;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.testkit.FreePort;
import java.util.List;
import java.util.Map;

/**
 * SCRAM over TLS at the port of the broker, certificates of clients at another one, a certificate of the broker's that has
 * expired at a third, and access lists that refuse what they
 * do not name. The administrator may do everything.
 */
record SecuredListeners(Certificates certificates, List<String> names, int certificatePort, int expiredPort,
        int brokerPort)
        implements EmbeddedKafka.Listeners {
    static final String ADMIN = "admin";

    /** @param names of users */
    static SecuredListeners of(Certificates certificates, List<String> names) {
        return new SecuredListeners(certificates, names, FreePort.find(), FreePort.find(), FreePort.find());
    }

    static String password(String user) {
        return user + "-pass-8c1f";
    }

    @Override
    public Map<String, String> settings(int port) {
        String addresses = "SASL_SSL://127.0.0.1:" + port + ",SSL://127.0.0.1:" + certificatePort
                + ",EXPIRED://127.0.0.1:" + expiredPort
                + ",BROKER://127.0.0.1:" + brokerPort;
        return Map.ofEntries(
                Map.entry("listeners", addresses),
                Map.entry("advertised.listeners", addresses),
                Map.entry("listener.security.protocol.map", "SASL_SSL:SASL_SSL,SSL:SSL,EXPIRED:SSL,BROKER:PLAINTEXT"),
                // Itself and its controller; no client knows this listener.
                Map.entry("inter.broker.listener.name", "BROKER"),
                Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("super.users", "User:ANONYMOUS;User:" + ADMIN),
                Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                Map.entry(
                        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                Map.entry("ssl.keystore.type", "PEM"),
                Map.entry("ssl.keystore.location", certificates.keyAndCertificate().toString()),
                Map.entry("ssl.truststore.type", "PEM"),
                Map.entry("ssl.truststore.location", certificates.authority().toString()),
                Map.entry(
                        "listener.name.expired.ssl.keystore.location", certificates.expired().toString()),
                Map.entry("listener.name.ssl.ssl.client.auth", "required"));
    }

    @Override
    public List<String> users() {
        return names.stream()
                .map(name -> "SCRAM-SHA-512=[name=" + name + ",password=" + password(name) + "]")
                .toList();
    }
}
