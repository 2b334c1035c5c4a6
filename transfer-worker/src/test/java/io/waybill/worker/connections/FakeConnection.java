package io.waybill.worker.connections;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.Capability;
import io.waybill.sftp.RemoteEntry;
import io.waybill.sftp.RemoteFile;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteStat;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A connection that is open or not, and does nothing. */
final class FakeConnection implements RemoteFiles {
    boolean open = true;
    boolean dead;
    int pings;

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void ping() throws TransferException {
        pings++;
        if (dead) {
            throw new TransferException(FailureKind.CONNECTION_LOST, "no answer");
        }
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public void disprove(Capability capability) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String hostKey() {
        return "SHA256:";
    }

    @Override
    public RemoteFile write(RemotePath path, Existing existing, long from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream read(RemotePath path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<RemoteStat> stat(RemotePath path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void makeDirectory(RemotePath directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void truncate(RemotePath path, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<RemoteEntry> list(String directory, Predicate<String> wanted, int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(RemotePath path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replace(RemotePath from, RemotePath to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rename(RemotePath from, RemotePath to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void syncDirectoryOf(RemotePath path) {
        throw new UnsupportedOperationException();
    }
}
