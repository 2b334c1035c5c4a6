package io.waybill.lives;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.Capability;
import io.waybill.sftp.RemoteEntry;
import io.waybill.sftp.RemoteFile;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteStat;
import io.waybill.sftp.UnsupportedRequestException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A worker's connection to the simulated server; every request is a switch point, and may be hit by a fault. */
final class Connection implements RemoteFiles {
    private static final int CHUNK = 16;

    private final World world;
    private final Worker worker;
    private final Server server;
    private final Findings findings;
    private boolean open = true;

    Connection(World world, Worker worker, Server server, Findings findings) {
        this.world = world;
        this.worker = worker;
        this.server = server;
        this.findings = findings;
        server.connected(this);
    }

    /** What a process knows of a server. */
    static final class Findings {
        private final Set<Capability> broken = EnumSet.noneOf(Capability.class);
        private final Set<Capability> found = EnumSet.noneOf(Capability.class);
        private boolean probed;
    }

    /** What a request does at the server. */
    interface Action<T> {
        T act() throws TransferException;
    }

    void breakOff() {
        open = false;
        server.left(this);
    }

    private <T> T ask(String what, Action<T> action) throws TransferException {
        requireOpen(what);
        Fault fault = world.remoteCall(worker);
        requireOpen(what);
        if (fault == null) {
            return act(what, action);
        }
        if (world.story().kept()) {
            world.story().tell(worker.name(), what + " <- " + fault.kind());
        }
        switch (fault.kind()) {
            case LOST_BEFORE -> breakOff();
            case LOST_AFTER -> {
                actQuietly(what, action);
                breakOff();
            }
            case ACTS_LATER -> {
                world.truth().zombie();
                world.kernel().after(fault.millis(), () -> {
                    world.story().tell("server", "acts late:");
                    world.truth().late(() -> actQuietly(what, action));
                });
                breakOff();
            }
            case REFUSED -> throw new TransferException(FailureKind.REMOTE_ERROR, "FAILURE");
            case DISK_FULL -> throw new TransferException(FailureKind.DISK_FULL, "no room");
            case SHORTENED -> server.shorten();
            case SERVER_RESTART -> server.restart();
            case CRASH_BEFORE -> world.workers().crash(worker, fault.millis());
            case CRASH_AFTER -> {
                actQuietly(what, action);
                world.workers().crash(worker, fault.millis());
            }
            default -> {
                world.workers().disturb(worker, fault);
                requireOpen(what);
                return act(what, action);
            }
        }
        throw lost(what);
    }

    private <T> T act(String what, Action<T> action) throws TransferException {
        try {
            T result = action.act();
            if (world.story().kept()) {
                world.story().tell(worker.name(), what + said(result));
            }
            return result;
        } catch (TransferException e) {
            if (world.story().kept()) {
                world.story().tell(worker.name(), what + ": " + e.failure());
            }
            throw e;
        }
    }

    private static String said(Object result) {
        return result == null ? ": done"
                : result instanceof Optional<?> stat
                        ? stat.isPresent() ? ": it is there" : ": not there"
                        : result instanceof Boolean was ? was ? ": done" : ": nothing there" : ": done";
    }

    private <T> void actQuietly(String what, Action<T> action) {
        try {
            var _ = act(what, action);
        } catch (TransferException e) {
            // Nobody hears of it.
        }
    }

    private void requireOpen(String what) throws TransferException {
        if (!open) {
            throw lost(what);
        }
    }

    private static TransferException lost(String what) {
        return new TransferException(FailureKind.CONNECTION_LOST, "the connection broke during: " + what);
    }

    @Override
    public Set<Capability> capabilities() {
        var offered = EnumSet.noneOf(Capability.class);
        offered.addAll(server.profile().offered());
        offered.addAll(findings.found);
        offered.removeAll(findings.broken);
        return offered;
    }

    @Override
    public Evidence replacing(RemotePath staging) {
        if (!findings.probed || !server.profile().offered().contains(Capability.REPLACE)) {
            return Evidence.UNPROVEN;
        }
        return server.profile().replaces() ? Evidence.PROVEN : Evidence.DISPROVED;
    }

    @Override
    public void disprove(Capability capability) {
        findings.broken.add(capability);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String hostKey() {
        return "SHA256:key";
    }

    @Override
    public void ping() throws TransferException {
        var _ = ask("ping", () -> null);
    }

    @Override
    public RemoteFile write(RemotePath path, Existing existing, long from) throws TransferException {
        if (existing == Existing.KEEP) {
            probe(path);
        }
        Node node = ask("open " + path, () -> {
            if (from > 0 && server.look(path.value()) == null) {
                throw new TransferException(FailureKind.PATH_MISSING, "no file " + path);
            }
            return server.open(path.value(), existing == Existing.TRUNCATE);
        });
        world.truth().opened(worker, node);
        return new OpenFile(path.value(), node, from);
    }

    /** What the product finds out with small files of its own. */
    private void probe(RemotePath beside) throws TransferException {
        if (!findings.probed && server.profile().probed() && server.stat(beside.directory()).isPresent()) {
            if (world.faults().next(Fault.Point.PROBE) == null) {
                tryOut();
            } else {
                world.story().tell(worker.name(), "a probe comes to nothing");
            }
        }
        if (findings.probed
                && !capabilities().contains(Capability.RENAME)
                && !capabilities().contains(Capability.REPLACE)) {
            throw new UnsupportedRequestException("nothing can be renamed here");
        }
    }

    private void tryOut() throws TransferException {
        var _ = ask("try out the server", () -> null);
        findings.probed = true;
        Profile profile = server.profile();
        if (profile.renames()) {
            findings.found.addAll(List.of(Capability.RENAME_REFUSES, Capability.TRUNCATE));
        } else {
            findings.broken.add(Capability.RENAME);
        }
        if (!profile.replaces()) {
            findings.broken.add(Capability.REPLACE);
        }
    }

    @Override
    public InputStream read(RemotePath path) throws TransferException {
        return ask("read " + path, () -> {
            Node node = server.look(path.value());
            if (node == null) {
                throw new TransferException(FailureKind.PATH_MISSING, "no file " + path);
            }
            return new ByteArrayInputStream(node.bytes().clone());
        });
    }

    @Override
    public Optional<RemoteStat> stat(RemotePath path) throws TransferException {
        return ask("stat " + path, () -> server.stat(path.value()));
    }

    @Override
    public void makeDirectory(RemotePath directory) throws TransferException {
        ask("mkdir " + directory, () -> {
            server.makeDirectory(directory.value());
            return null;
        });
    }

    @Override
    public void removeDirectory(RemotePath directory) throws TransferException {
        ask("rmdir " + directory, () -> {
            server.removeDirectory(directory.value());
            return null;
        });
    }

    @Override
    public boolean remove(RemotePath path) throws TransferException {
        return ask("remove " + path, () -> server.remove(path.value()));
    }

    @Override
    public void truncate(RemotePath path, long size) throws TransferException {
        ask("truncate " + path + " to " + size, () -> {
            server.truncate(path.value(), size);
            return null;
        });
    }

    @Override
    public List<RemoteEntry> list(String directory, Predicate<String> wanted, int most) throws TransferException {
        return ask("list " + directory, () -> server.list(directory)).stream()
                .filter(entry -> wanted.test(entry.name()))
                .toList();
    }

    @Override
    public void replace(RemotePath from, RemotePath to) throws TransferException {
        ask("posix-rename " + from + " to " + to, () -> {
            server.replace(from.value(), to.value());
            return null;
        });
    }

    @Override
    public void rename(RemotePath from, RemotePath to) throws TransferException {
        try {
            ask("rename " + from + " to " + to, () -> {
                server.rename(from.value(), to.value());
                return null;
            });
        } catch (UnsupportedRequestException e) {
            disprove(Capability.RENAME);
            throw e;
        }
    }

    @Override
    public void syncDirectoryOf(RemotePath path) throws TransferException {
        var _ = ask("sync the directory of " + path, () -> null);
    }

    @Override
    public void close() {
        if (open) {
            breakOff();
        }
    }

    /** A file that is open for writing. It stays the same file when it is renamed. */
    private final class OpenFile implements RemoteFile {
        private final String path;
        private final Node node;
        private long written;
        private long synced;

        OpenFile(String path, Node node, long from) {
            this.path = path;
            this.node = node;
            this.written = from;
            this.synced = from;
        }

        @Override
        public int chunkSize() {
            return CHUNK;
        }

        @Override
        public void write(byte[] bytes, int length) throws TransferException {
            byte[] data = Arrays.copyOf(bytes, length);
            long offset = written;
            ask("write " + path + " " + offset + "+" + length, () -> {
                server.write(node, offset, data);
                return null;
            });
            written += length;
        }

        @Override
        public long acknowledged() {
            return written;
        }

        @Override
        public void startSync() {
            if (capabilities().contains(Capability.SYNC)) {
                node.sync();
                synced = written;
            }
        }

        @Override
        public long synced() {
            return synced;
        }

        @Override
        public boolean syncs() {
            return capabilities().contains(Capability.SYNC);
        }

        @Override
        public RemoteStat finish() throws TransferException {
            return ask("close " + path, () -> {
                if (capabilities().contains(Capability.SYNC)) {
                    node.sync();
                }
                node.finish();
                if (Server.isFinal(path)) {
                    world.truth().written(path, node);
                }
                return Server.statOf(node);
            });
        }

        @Override
        public void close() {
            // What was not finished stays as it is.
        }
    }
}
