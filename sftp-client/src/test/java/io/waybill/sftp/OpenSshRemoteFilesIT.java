package io.waybill.sftp;

import io.waybill.testkit.Destinations;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with the system's own sshd. */
@RequiresOpenSsh
final class OpenSshRemoteFilesIT extends RemoteFilesContract {
    private final SftpConnector connector = new SftpConnector();
    private OpenSshServer server;
    private RemoteFiles files;

    @BeforeEach
    void connect(@TempDir Path directory) throws Exception {
        server = OpenSshServer.start(directory);
        files = connector.connect(Destinations.of(server));
    }

    @AfterEach
    void disconnect() {
        connector.close();
        server.close();
    }

    @Override
    protected RemoteFiles files() {
        return files;
    }

    @Override
    protected Path served() {
        return server.files();
    }

    @Override
    protected String hostKey() {
        return server.hostKey();
    }
}
