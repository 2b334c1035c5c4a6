package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.apache.sshd.sftp.common.SftpConstants;
import org.junit.jupiter.api.Test;

final class ServerFindingsTest {
    private static final Set<Capability> OFFERED = EnumSet.of(Capability.REPLACE, Capability.SYNC_DIRECTORY);

    private final ServerFindings findings = new ServerFindings();

    @Test
    void shouldRememberADirectoryAndNotBlameOthers() {
        findings.notSynced("/a", SftpConstants.SSH_FX_PERMISSION_DENIED);

        assertThat(findings.reliable(OFFERED, new ServerFindings.Place("a server", "/a")))
                .containsExactly(Capability.REPLACE);
        assertThat(findings.reliable(OFFERED, new ServerFindings.Place("a server", "/b"))).isEqualTo(OFFERED);
        assertThat(findings.reliable(OFFERED)).isEqualTo(OFFERED);
    }

    @Test
    void shouldTakeAServerThatSyncsNoDirectoryForOneThatCannot() {
        for (int i = 0; i < ServerFindings.MOST_UNSYNCED; i++) {
            findings.notSynced("/" + i, SftpConstants.SSH_FX_FAILURE);
        }

        assertThat(findings.reliable(OFFERED)).containsExactly(Capability.REPLACE);
    }
}
