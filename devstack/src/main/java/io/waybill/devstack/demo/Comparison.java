package io.waybill.devstack.demo;

import io.waybill.devstack.demo.Summary.Arrived;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.SftpConnector;
import io.waybill.store.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads every file back over SFTP, as the partner would, and compares it with the file that was sent. */
final class Comparison {
    /** The number of files that are read at one time over the one connection. */
    private static final int READS = 8;

    private final DestinationConfig destination;
    private final Tracking tracking;

    Comparison(DestinationConfig destination, Tracking tracking) {
        this.destination = destination;
        this.tracking = tracking;
    }

    /** Returns the differences, one line each, for people. It is empty if all files are there and equal. */
    List<String> differences(List<Arrived> files) throws InterruptedException {
        if (files.isEmpty()) {
            return List.of();
        }
        try (var connector = new SftpConnector();
                RemoteFiles remote = connector.connect(destination)) {
            return Parallel.map(files, READS, file -> difference(remote, file)).stream()
                    .flatMap(Optional::stream)
                    .toList();
        } catch (TransferException e) {
            return List.of("nothing could be compared: " + e.failure());
        }
    }

    private Optional<String> difference(RemoteFiles remote, Arrived file) {
        RemotePath path = Objects.requireNonNull(file.state().receipt(), "a delivery has a receipt").path();
        Content sent = file.sent().content();
        try (InputStream bytes = remote.read(path)) {
            Content found = Content.of(bytes);
            return found.sha256().equals(sent.sha256())
                    ? Optional.empty()
                    : Optional.of(file.sent().file().key() + " differs at the destination: sent " + sent.size()
                            + " bytes, found " + found.size() + " bytes of another content");
        } catch (TransferException e) {
            return Optional.of(file.sent().file().key() + " cannot be read at the destination: " + e.failure());
        } catch (IOException e) {
            return Optional.of(file.sent().file().key() + " cannot be read at the destination: " + e);
        } finally {
            tracking.verified();
        }
    }
}
