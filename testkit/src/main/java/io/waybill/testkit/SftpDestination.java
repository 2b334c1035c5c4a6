package io.waybill.testkit;

import java.nio.file.Path;

/**
 * An SFTP server on this machine, as a partner would describe it.
 *
 * @param port    its own, or that of a network before it
 * @param key     private key of the user, in OpenSSH's format
 * @param hostKey fingerprint, as "SHA256:…"
 * @param root    directory that all paths are below
 */
public record SftpDestination(int port, String user, Path key, String hostKey, Path root) {
    /** The same server by way of another port. */
    public SftpDestination through(int other) {
        return new SftpDestination(other, user, key, hostKey, root);
    }

    /** The same server, but all paths are below another directory. */
    public SftpDestination below(Path other) {
        return new SftpDestination(port, user, key, hostKey, other);
    }

    /**
     * Lines of a configuration's {@code destinations}. Others that are indented by four may follow.
     *
     * @param name the destination's
     */
    public String yaml(String name) {
        return """
                  %s:
                    host: 127.0.0.1
                    port: %d
                    user: %s
                    privateKeyFile: %s
                    hostKeys: ["%s"]
                    root: %s
                """.formatted(name, port, user, key, hostKey, root);
    }
}
