package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a bad configuration is told. */
final class FaultsTest {
    @Test
    void shouldReportAllFaultsAtOnceEachWithItsPlace() {
        assertThat(problems(
                """
                        kafka:
                          client.id: me
                        topics:
                          filePartitions: many
                          prefx: x.
                        destinations:
                          acme:
                            hots: sftp.acme.example
                            user: waybill
                            port: 70000
                            hostKeys: MD5:00
                        routes:
                          invoices:
                            source: { bucket: outbound }
                            deliver: { destination: acmee, path: "in/{name}", onConflict: replce }
                            timeouts: { unclaimed: 7 days }
                        """))
                .containsExactlyInAnyOrder(
                        "waybill.yaml:2:3: kafka: bootstrap.servers is missing",
                        "waybill.yaml:1:1: schema.registry.url: is missing",
                        "waybill.yaml:4:19: topics.filePartitions: expected a whole number from 1 to 1024, was 'many'",
                        "waybill.yaml:5:10: topics.prefx: is not a known key; did you mean 'prefix'?",
                        "waybill.yaml:8:5: destinations.acme.privateKeyFile: is missing: give a privateKeyFile or a"
                                + " password",
                        "waybill.yaml:8:5: destinations.acme.host: is missing",
                        "waybill.yaml:10:11: destinations.acme.port: expected a whole number from 1 to 65535, was"
                                + " '70000'",
                        "waybill.yaml:11:15: destinations.acme.hostKeys: MD5 is too weak to know a server by;"
                                + " 'ssh-keyscan HOST | ssh-keygen -lf -' prints the SHA256 fingerprints, for the partner"
                                + " to confirm; was 'MD5:00'",
                        "waybill.yaml:8:11: destinations.acme.hots: is not a known key; did you mean 'host'?",
                        "waybill.yaml:15:29: routes.invoices.deliver.destination: there is no destination 'acmee'; did"
                                + " you mean 'acme'?",
                        "waybill.yaml:15:42: routes.invoices.deliver.path: a path template begins with '/', but was:"
                                + " 'in/{name}'",
                        "waybill.yaml:15:67: routes.invoices.deliver.onConflict: expected one of [replace, refuse,"
                                + " keep-both], was 'replce'; did you mean 'replace'?",
                        "waybill.yaml:16:28: routes.invoices.timeouts.unclaimed: expected a duration such as 500ms, 30s,"
                                + " 10m, 2h or 7d, was '7 days'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "streams: { commitInterval: 0s } | 5:28: streams.commitInterval: expected more than zero, was '0s'",
                    "streams: { commitInterval: 1.5s } | 5:28: streams.commitInterval: expected a duration such as 500ms",
                    "streams: { commitInterval: -1s } | 5:28: streams.commitInterval: expected a duration such as 500ms",
                    "streams: { commitInterval: 9999999999s } | 5:28: streams.commitInterval: expected a duration such as 500ms",
                    "streams: { commitInterval: [1s] } | 5:28: streams.commitInterval: expected a single value",
                    "streams: 1s                       | 5:10: streams: expected keys with values",
                    "http: { port: 8o80 }              | 5:15: http.port: expected a whole number from 0 to 65535, was '8o80'",
                    "http: { port: 99999999999 }       | 5:15: http.port: expected a whole number from 0 to 65535",
                    "http: { port: -1 }                | 5:15: http.port: expected a whole number from 0 to 65535, was '-1'",
                    "s3: { pathStyle: yes }            | 5:18: s3.pathStyle: expected true or false, was 'yes'",
                    "s3: { endpoint: store:9000 }      | 5:17: s3.endpoint: expected an http or https address",
                    "s3: { accessKey: env:ACME }       | 5:5: s3.secretKey: is missing beside the other",
                    "s3: { accessKey: env:ACME, secretKey: file:/none } | s3.secretKey: the secret's file cannot be read: /none",
                    "kafka.linger.ms: 5                | 5:18: kafka.linger.ms: is not a known key",
                    "routes: [a]                       | 5:9: routes: expected keys with values",
                    "routes: { '': { } }               | a route name is 1 to 63 letters",
                    "destinations: { 'a#1': { } }      | a destination name is 1 to 63 letters",
                    "routes: { r: { source: { } } }    | routes.r.source.bucket: is missing",
                    "'routes: { r: { source: { bucket: s3://b } } }' | expected the name of a bucket",
                    "'routes: { r: { source: { bucket: in box } } }' | expected the name of a bucket",
                    "routes: { r: { } }                | routes.r.source.bucket: is missing",
                    "'routes: { r: { source: { bucket: b, events: [Putt] } } }' | was 'Putt'; did you mean 'Put'?",
                    "'routes: { r: { source: { bucket: b, minBytes: -1 } } }' | routes.r.source.minBytes: expected a whole",
                    "'routes: { r: { source: { bucket: b, settle: soon } } }' | routes.r.source.settle: expected",
                    "'routes: { r: { source: { bucket: b, unchanged: never } } }' | routes.r.source.unchanged: expected one of [deliver, skip]",
                    "'routes: { r: { source: { bucket: b, unchanged: skip } } }' | routes.r.source.unchanged: is skip, and the route has no 'deliver'",
                    "'s3: { notificationKeys: plain }' | s3.notificationKeys: expected one of [auto, encoded, raw]",
                    "'routes: { r: { source: { bucket: b }, import: { required: false } } }' | routes.r.deliver: is missing",
                    "'routes: { r: { source: { bucket: b }, delivr: { } } }' | is not a known key; did you mean 'deliver'?",
                    "'routes: { r: { source: { bucket: b }, deliver: } }' | routes.r.deliver.destination: is missing",
                    "'routes: { r: { source: { bucket: b }, retry: { backoff: 1h } } }' | routes.r.retry: backoff must be",
                    "'routes: { r: { source: { bucket: b }, retention: 0d } }' | routes.r.retention: expected more than zero",
            })
    void shouldSayWhatWasExpected(String line, String fault) {
        assertThat(problems(CLUSTER + line)).hasSize(1).first().asString().contains(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "charset: UTF-9                    | charset: there is no character set 'UTF-9'",
                    "root: ~alice/in                   | root: expected '~' or '~/…'",
                    "root: C:\\in                      | root: expected a path with slashes, such as C:/inbox",
                    "root: in/../..                    | root: not a canonical remote path",
                    "root: //home                      | root: not a canonical remote path",
                    "algorithms: { allow: hmac-md5 }   | algorithms.allow: expected one of [ssh-rsa, ",
                    "algorithms: { allow: ssh-rsb }    | algorithms.allow: expected one of [ssh-rsa, ",
                    "algorithms: { alow: ssh-rsa }     | algorithms.alow: is not a known key; did you mean 'allow'?",
                    "root: /home/../..                 | root: not a canonical remote path",
                    "onUnknownOutcome: guess           | onUnknownOutcome: expected one of [hold, assume-delivered, resend]",
                    "evidenceWindow: 0h                | evidenceWindow: expected more than zero",
                    "ordering: lifo                    | ordering: expected one of [any, fifo], was 'lifo'; did you mean 'fifo'?",
                    "channels: 33                      | channels: expected a whole number from 1 to 32, was '33'",
                    "maxBytesPerSecond: 1000           | maxBytesPerSecond: expected a whole number from 32768 to 2147483647, was '1000'",
                    "maxConnections: 0                 | maxConnections: expected a whole number from 1 to 64, was '0'",
                    "stallTimeout: 0s                  | stallTimeout: expected more than zero",
                    "privateKeyFile: /no/such/key      | privateKeyFile: there is no readable file /no/such/key",
                    "privateKeyFile: /                 | privateKeyFile: there is no readable file /",
                    "'staging: { prefix: a, suffix: b }' | staging: give one of directory, prefix and suffix, not 2",
                    "'staging: { directory: ../x }'    | staging.directory: expected part of a file name, was '../x'",
                    "staging: .tmp                     | staging: expected keys with values",
            })
    void shouldSayWhatIsWrongWithADestination(String line, String fault) {
        assertThat(problems(CLUSTER + ACME.replace("#", "    " + line)))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("waybill.yaml:11:")
                .contains("destinations.acme." + fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "'a: [1'          | waybill.yaml:1:6: this is not YAML",
                    "'a: b: c'        | waybill.yaml:1:5: this is not YAML",
                    "'\tx: 1'         | this is not YAML",
                    "'- a'            | waybill.yaml:1:1: expected keys with values, found a list",
                    "'kafka'          | waybill.yaml:1:1: expected keys with values, found a single value",
                    "'? [a]\n: b'     | a key must be a single value",
                    "'a: 1\n---\nb: 2' | this is not YAML",
                    "'a: &x\n  b: *x' | waybill.yaml:1:4: an alias inside its own anchor is not supported",
            })
    void shouldSayWhereAFileIsNotYaml(String yaml, String fault) {
        assertThat(problems(yaml)).hasSize(1).first().asString().contains(fault);
    }

    @Test
    void shouldReportEveryKeyThatIsThereTwice() {
        assertThat(problems("http: { port: 1, port: 2, host: a, host: b }"))
                .containsExactly(
                        "waybill.yaml:1:24: the key 'port' is there twice",
                        "waybill.yaml:1:42: the key 'host' is there twice");
    }

    @Test
    void shouldSayWhatAnEmptyFileLacks() {
        assertThat(problems(""))
                .containsExactly(
                        "waybill.yaml:1:1: kafka: bootstrap.servers is missing",
                        "waybill.yaml:1:1: schema.registry.url: is missing");
    }

    @Test
    void shouldNotTakeAnEmptyValueForOne() {
        assertThat(problems(CLUSTER + ACME.replace("env:ACME", "").replace("sftp.acme.example", "")))
                .containsExactly(
                        "waybill.yaml:7:5: destinations.acme.privateKeyFile: is missing: give a privateKeyFile or a"
                                + " password",
                        "waybill.yaml:7:10: destinations.acme.host: is missing");
    }

    @Test
    void shouldSayThatThereIsNoSuchFile(@TempDir Path directory) {
        Path file = directory.resolve("waybill.yaml");

        assertThatThrownBy(() -> WaybillConfig.load(file, Overrides.NONE, List.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(file
                        + ": there is no such configuration file; write it, or name another with --config");
    }

    @ParameterizedTest
    @CsvSource({
            "'{ advertised: http://a.example }', 'http.advertised: expected HOST or HOST:PORT, an IPv6 address in brackets'",
            "'{ advertised: a.example:0 }', 'http.advertised: expected HOST or HOST:PORT, an IPv6 address in brackets'",
            "'{ hosts: [a.example, b.example:80] }', 'http.hosts: expected a host name without a port'",
            "'{ hosts: \"*\" }', 'http.hosts: expected a host name without a port'"
    })
    void shouldSayHowNamesOfTheServerAreWritten(String http, String fault) {
        assertThat(problems(CLUSTER + "http: " + http + "\n")).singleElement().asString().contains(fault);
    }
}
