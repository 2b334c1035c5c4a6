package io.waybill.devstack.servers;

import java.net.URI;
import java.nio.file.Path;

/**
 * The addresses and keys of a running stack.
 *
 * @param registryUrl   of Confluent's API, for {@code schema.registry.url}
 * @param sftpHostKey   the fingerprint to pin, {@code SHA256:...}
 * @param sftpClientKey the private key with which {@link EmbeddedSftp#USER} logs in
 * @param sftpFiles     the folder that the SFTP clients see as their root
 */
public record StackEndpoints(
        String bootstrapServers,
        URI registryUrl,
        URI s3,
        int sftpPort,
        String sftpHostKey,
        Path sftpClientKey,
        Path sftpFiles) {}
