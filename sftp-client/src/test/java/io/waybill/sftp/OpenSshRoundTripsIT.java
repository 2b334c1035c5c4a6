package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a small file waits for the network, and what is asked of the server for it. */
@RequiresOpenSsh
class OpenSshRoundTripsIT {
    private static final byte[] CONTENT = new byte[10 << 10];

    @TempDir
    private Path directory;

    @Test
    void shouldSendASmallFileDurablyInFourRoundTrips() throws Exception {
        var traffic = trafficOfOneFile(Set.of());

        // Open; write, sync, close, stat and sync of the directory; rename; sync of the directory. With each sync of the
        // directory goes a look whether it still has the name.
        assertThat(traffic).isEqualTo(new SftpRequests.Traffic(12, 4));
    }

    @Test
    void shouldSendASmallFileInThreeRoundTripsWhereNothingCanBeSynced() throws Exception {
        var traffic = trafficOfOneFile(Set.of("fsync"));

        // Open; write, close and stat; rename.
        assertThat(traffic).isEqualTo(new SftpRequests.Traffic(5, 3));
    }

    private SftpRequests.Traffic trafficOfOneFile(Set<String> refused) throws Exception {
        try (var server = OpenSshServer.start(directory, refused); var connector = new SftpConnector()) {
            try (var session = (SftpSession) connector.connect(Destinations.of(server))) {
                // The first one tries the server out, and opens the directory.
                deliver(session, "first");
                SftpRequests.Traffic before = session.traffic();

                deliver(session, "second");

                assertThat(Files.size(server.files().resolve("second"))).isEqualTo(CONTENT.length);
                SftpRequests.Traffic after = session.traffic();
                return new SftpRequests.Traffic(
                        after.requests() - before.requests(), after.roundTrips() - before.roundTrips());
            }
        }
    }

    private static void deliver(SftpSession session, String name) throws TransferException {
        var staging = new RemotePath("/" + name + ".part");
        try (RemoteFile file = session.write(staging, Existing.KEEP)) {
            file.write(CONTENT, CONTENT.length);
            var _ = file.finish();
        }
        var target = new RemotePath("/" + name);
        session.replace(staging, target);
        session.syncDirectoryOf(target);
    }
}
