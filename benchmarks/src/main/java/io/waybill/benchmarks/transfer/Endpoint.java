package io.waybill.benchmarks.transfer;

import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.SftpDestination;
import java.nio.file.Path;

/**
 * The server as contestants see it.
 *
 * @param port      of the server itself, or of a network before it
 * @param hostKey   its fingerprint
 * @param directory where files go to; the same path for the server and on this machine
 */
record Endpoint(int port, String user, Path key, String hostKey, Path directory) {
    static Endpoint of(OpenSshServer server, int port) {
        return new Endpoint(port, server.user(), server.userKey(), server.hostKey(), server.files());
    }

    SftpDestination destination() {
        return new SftpDestination(port, user, key, hostKey, directory);
    }
}
