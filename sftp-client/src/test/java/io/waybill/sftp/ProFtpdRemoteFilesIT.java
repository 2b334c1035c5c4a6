package io.waybill.sftp;

import io.waybill.testkit.Destinations;
import io.waybill.testkit.ProFtpdServer;
import io.waybill.testkit.RequiresProFtpd;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with the system's own ProFTPD. */
@RequiresProFtpd
final class ProFtpdRemoteFilesIT extends RemoteFilesContract {
    private final SftpConnector connector = new SftpConnector();
    private ProFtpdServer server;
    private RemoteFiles files;

    @BeforeEach
    void connect(@TempDir Path directory) throws Exception {
        server = ProFtpdServer.start(directory);
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
