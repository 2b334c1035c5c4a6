package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.FINGERPRINT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a destination says which server is the right one, where its files are, and what is weak. */
final class DestinationSecurityTest {
    private static final String ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIM+wKCT1ahZU+SoGfcbIj0xnocFxdmi2d4kDHgfMsQgA";
    private static final String OF_ED25519 = "SHA256:jb7alzNdjGUtIyPoiwt5WFoH28uWngjfEJ+rA1o1AEM";

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "ssh-ed25519 " + ED25519,
                    "ssh-ed25519  " + ED25519 + " acme host",
                    "sftp.acme.example,192.0.2.7 ssh-ed25519 " + ED25519,
                    "[sftp.acme.example]:2022 ssh-ed25519 " + ED25519 + " since May",
                    "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 " + ED25519,
                    "256 " + OF_ED25519 + " acme host (ED25519)",
                    "256 " + OF_ED25519 + " no comment (ED25519)"
            })
    void shouldTakeAPinnedKeyInEveryFormThatToolsPrint(String text) {
        DestinationConfig acme = acme("hostKeys: ['" + text + "']");

        assertThat(acme.hostKeys()).containsExactly(OF_ED25519);
        assertThat(acme.security().hostKeyTypes()).containsExactly("ssh-ed25519");
    }

    @ParameterizedTest
    @CsvSource({
            "2048, (RSA), ssh-rsa", "256, (ECDSA), ecdsa-sha2-nistp256", "1024, (DSA),", "2048, '',"
    })
    void shouldKnowTheTypeThatALineTells(String bits, String kind, String type) {
        DestinationConfig acme = acme("hostKeys: '" + bits + " " + FINGERPRINT + " me@host " + kind + "'");

        assertThat(acme.hostKeys()).containsExactly(FINGERPRINT);
        if (type == null) {
            assertThat(acme.security().hostKeyTypes()).isEmpty();
        } else {
            assertThat(acme.security().hostKeyTypes()).containsExactly(type);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "256 MD5:fe:95:78:be:d6:08:30:ee:76:a6:4d:3a:92:0b:56:1b x (ED25519) | ssh-keygen -lf -",
                    "fe:95:78:be:d6:08:30:ee:76:a6:4d:3a:92:0b:56:1b | MD5 is too weak",
                    "ssh-ed25519 AAAAC3NzaC1lZDI1 | the public key is cut, or is no ssh-ed25519",
                    "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIM+wKCT1ahZU+SoGfcbIj0xnocFxdmi2d4kDHgfMsQgA | is no ssh-rsa",
                    "@revoked * ssh-ed25519 AAAA | expected SHA256:",
                    "ssh-dss AAAA | expected SHA256:",
                    "SHA256:short | expected SHA256: and 43 characters",
            })
    void shouldSayWhatAPinnedKeyLooksLike(String text, String fault) {
        assertThat(ConfigFixture.problems(yaml("hostKeys: ['" + text + "']"))).hasSize(1).first().asString()
                .contains(fault);
    }

    @ParameterizedTest
    @CsvSource({
            "/, /, /a, /a", "/in, /in, /a, /in/a", "/in/, /in, /, /in", "~, ~, /a, a", "., ~, /, .", "~/, ~, /x/a, x/a",
            "inbox, ~/inbox, /a, inbox/a", "./inbox/, ~/inbox, /, inbox", "~/in/box, ~/in/box, /a, in/box/a",
            "C:/inbox, /C:/inbox, /a, /C:/inbox/a", "C:/, /C:, /a, /C:/a", "//, /, /a, /a"
    })
    void shouldFindPathsBelowEveryRoot(String given, String root, String path, String absolute) {
        DestinationConfig acme = acme("hostKeys: '" + FINGERPRINT + "'\n    root: '" + given + "'");

        assertThat(acme.root()).isEqualTo(root);
        assertThat(acme.absolute(path)).isEqualTo(absolute);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sftp://sftp.acme.example", "sftp.acme.example:2222", "waybill@sftp.acme.example",
                    "sftp.acme.example/inbox", "sftp.acme.example ", "sftp://waybill:hunter2@sftp.acme.example:22"})
    void shouldSayThatAHostIsAnAddressForAClient(String host) {
        assertThat(ConfigFixture.problems(
                yaml("hostKeys: '" + FINGERPRINT + "'").replace("sftp.acme.example", "'" + host + "'")))
                .hasSize(1)
                .first()
                .asString()
                .contains("destinations.acme.host: expected a name or an address alone")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sftp", "192.0.2.7", "::1", "2001:db8::7", "[2001:db8::7]", "fe80::1%eth0", "größe.example"})
    void shouldTakeEveryNameAndAddressOfAHost(String host) {
        WaybillConfig config = ConfigFixture.read(
                yaml("hostKeys: '" + FINGERPRINT + "'").replace("sftp.acme.example", "'" + host + "'"));

        assertThat(ConfigFixture.acme(config).host()).isEqualTo(host);
    }

    @Test
    void shouldShowAllowedAlgorithmsAsWeak() {
        WaybillConfig config = ConfigFixture.read(yaml(
                "hostKeys: '" + FINGERPRINT + "'\n    algorithms: { allow: [ssh-rsa, aes128-cbc] }"));

        assertThat(ConfigFixture.acme(config).security().allowed()).containsExactlyInAnyOrder("ssh-rsa", "aes128-cbc");
        assertThat(config.warnings()).hasSize(1).first().satisfies(warning -> {
            assertThat(warning.key()).isEqualTo("destinations.acme.algorithms.allow");
            assertThat(warning.text()).startsWith("weak: aes128-cbc, ssh-rsa");
        });
    }

    @Test
    void shouldWantThePrivateKeyOfACertificate() {
        assertThat(ConfigFixture.problems(yaml("hostKeys: '" + FINGERPRINT + "'\n    certificateFile: /etc/hostname")))
                .anyMatch(problem -> problem.contains("certificateFile: belongs to a private key"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "fileMode: 0888      | deliver.fileMode: expected three octal digits such as 0640, was '0888'",
                    "fileMode: rw-r----- | deliver.fileMode: expected three octal digits such as 0640",
                    "directoryMode: drwx | deliver.directoryMode: expected three octal digits such as 0750, was 'drwx'",
                    "directoryMode: 0640 | deliver.directoryMode: would keep the worker itself out",
                    "directoryMode: 0444 | deliver.directoryMode: would keep the worker itself out",
            })
    void shouldSayWhatPermissionsLookLike(String key, String fault) {
        String route = "routes: { r: { source: { bucket: b }, deliver: { destination: acme, " + key + " } } }";

        assertThat(ConfigFixture.problems(yaml("hostKeys: '" + FINGERPRINT + "'") + route)).hasSize(1).first()
                .asString().contains(fault);
    }

    private static DestinationConfig acme(String keys) {
        return ConfigFixture.acme(ConfigFixture.read(yaml(keys)));
    }

    private static String yaml(String keys) {
        return CLUSTER
                + """
                destinations:
                  acme:
                    host: sftp.acme.example
                    user: waybill
                    password: env:ACME
                    %s
                """
                        .formatted(keys);
    }
}
