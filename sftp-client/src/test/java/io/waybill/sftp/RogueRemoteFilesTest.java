package io.waybill.sftp;

import io.waybill.testkit.Destinations;
import io.waybill.testkit.RogueSftpServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with a server in the test's own process. */
final class RogueRemoteFilesTest extends RemoteFilesContract {
    private final SftpConnector connector = new SftpConnector();
    private RogueSftpServer server;
    private RemoteFiles files;

    @BeforeEach
    void connect(@TempDir Path directory) throws Exception {
        server = RogueSftpServer.start(directory);
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
