package io.waybill.lives;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteEntry;
import io.waybill.sftp.RemoteStat;
import io.waybill.sftp.UnsupportedRequestException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The partner's server: files by name, and what its profile makes of each request. Nothing waits here. */
final class Server {
    private final Kernel kernel;
    private final Profile profile;
    private final boolean emptying;
    private final Truth truth;
    private final Map<String, Node> files = new TreeMap<>();
    private final Set<String> direct = new HashSet<>();
    /** The names as they were first written, by what the server takes them for. */
    private final Map<String, String> names = new TreeMap<>();
    private final Set<String> directories;
    private final List<Connection> connections = new ArrayList<>();
    private boolean readOnly;
    private long downUntil;
    private FailureKind downBy = FailureKind.UNREACHABLE;
    private long crowdedUntil;

    /**
     * @param directory where files are to appear
     */
    Server(Kernel kernel, Profile profile, boolean emptying, String directory, Truth truth) {
        this.kernel = kernel;
        this.profile = profile;
        this.emptying = emptying;
        this.truth = truth;
        this.directories = new TreeSet<>(Set.of("/", directory));
    }

    Profile profile() {
        return profile;
    }

    /** Whether a name is one that partners look at. */
    static boolean isFinal(String path) {
        return !path.contains("/.waybill") && !path.contains("/.tmp-") && !path.contains(".part")
                && !path.endsWith(".done");
    }

    private String key(String path) {
        return switch (profile) {
            case FOLDS_CASE -> path.toLowerCase(Locale.ROOT);
            case FOLDS_UNICODE -> Normalizer.normalize(path, Normalizer.Form.NFC);
            default -> path;
        };
    }

    private long seconds() {
        return kernel.instant().getEpochSecond();
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    private void needDirectoryOf(String path) throws TransferException {
        if (!directories.contains(parent(path))) {
            throw new TransferException(FailureKind.PATH_MISSING, "no directory for " + path);
        }
        if (readOnly) {
            throw new TransferException(FailureKind.FORBIDDEN, "read-only: " + path);
        }
    }

    private static TransferException failure(String what) {
        return new TransferException(FailureKind.REMOTE_ERROR, "FAILURE: " + what);
    }

    Optional<RemoteStat> stat(String path) {
        if (directories.contains(path)) {
            return Optional.of(
                    new RemoteStat(OptionalLong.of(0), OptionalLong.empty(), RemoteStat.Kind.DIRECTORY));
        }
        return Optional.ofNullable(files.get(key(path))).map(Server::statOf);
    }

    static RemoteStat statOf(Node node) {
        return new RemoteStat(
                OptionalLong.of(node.bytes().length), OptionalLong.of(node.modified()), RemoteStat.Kind.FILE);
    }

    /** The file of a name, made if there is none. */
    Node open(String path, boolean truncate) throws TransferException {
        needDirectoryOf(path);
        Node node = files.get(key(path));
        if (node == null) {
            node = new Node(Node.Origin.of(path), seconds());
            put(path, node);
        } else if (truncate) {
            if (isFinal(path) && node.origin().partner()) {
                truth.overwritten(path, node);
            }
            if (isFinal(path) && files.containsKey(key(path + ".done"))) {
                truth.writtenBesideDoneFile(path);
            }
            Node emptied = new Node(Node.Origin.of(path), seconds());
            put(path, emptied);
            node = emptied;
        } else if (emptying) {
            node.truncate(0, seconds());
        }
        return node;
    }

    private void put(String path, Node node) {
        files.put(key(path), node);
        if (node.origin().equals(Node.Origin.DIRECT)) {
            direct.add(key(path));
        }
        names.putIfAbsent(key(path), path);
    }

    /** Whether a file was ever written under that name itself. */
    boolean writtenDirectly(String path) {
        return direct.contains(key(path));
    }

    Node look(String path) {
        return files.get(key(path));
    }

    void write(Node node, long offset, byte[] data) {
        node.write(offset, data, seconds());
    }

    boolean remove(String path) throws TransferException {
        if (readOnly) {
            throw new TransferException(FailureKind.FORBIDDEN, "read-only");
        }
        Node gone = take(path);
        if (gone != null && isFinal(path)) {
            truth.removed(path, gone);
        }
        return gone != null;
    }

    private Node take(String path) {
        names.remove(key(path));
        return files.remove(key(path));
    }

    void makeDirectory(String path) throws TransferException {
        if (files.containsKey(key(path)) || directories.contains(path)) {
            throw failure("exists");
        }
        needDirectoryOf(path);
        directories.add(path);
    }

    /** Refused where something is in it. */
    void removeDirectory(String path) throws TransferException {
        if (!profile.removesDirectories()) {
            throw new UnsupportedRequestException("OP_UNSUPPORTED");
        }
        if (!directories.contains(path)) {
            throw new TransferException(FailureKind.PATH_MISSING, "no directory " + path);
        }
        if (readOnly) {
            throw new TransferException(FailureKind.FORBIDDEN, "read-only: " + path);
        }
        if (holdsSomething(path)) {
            throw failure("not empty");
        }
        directories.remove(path);
    }

    private boolean holdsSomething(String directory) {
        String within = directory + "/";
        return names.values().stream().anyMatch(path -> path.startsWith(within))
                || directories.stream().anyMatch(path -> path.startsWith(within));
    }

    private void moveDirectory(String from, String to) {
        directories.remove(from);
        directories.add(to);
        String within = from + "/";
        List<String> moved = names.values().stream().filter(path -> path.startsWith(within)).toList();
        for (String path : moved) {
            Node node = files.get(key(path));
            take(path);
            put(to + "/" + path.substring(within.length()), node);
        }
    }

    void truncate(String path, long size) throws TransferException {
        Node node = files.get(key(path));
        if (node == null) {
            throw new TransferException(FailureKind.PATH_MISSING, "no file " + path);
        }
        node.truncate(size, seconds());
    }

    List<RemoteEntry> list(String directory) throws TransferException {
        if (!directories.contains(directory)) {
            throw new TransferException(FailureKind.PATH_MISSING, "no directory " + directory);
        }
        List<RemoteEntry> entries = new ArrayList<>();
        names.forEach((key, path) -> {
            if (parent(path).equals(directory)) {
                entries.add(new RemoteEntry(path.substring(path.lastIndexOf('/') + 1), statOf(files.get(key))));
            }
        });
        return entries;
    }

    void replace(String from, String to) throws TransferException {
        if (!profile.replaces() || crossing(from, to)) {
            throw failure("posix-rename");
        }
        needDirectoryOf(to);
        move(from, to);
    }

    void rename(String from, String to) throws TransferException {
        switch (profile) {
            case RENAME_UNSUPPORTED, DIRECT -> throw new UnsupportedRequestException("OP_UNSUPPORTED");
            case RENAME_FORBIDDEN -> throw new TransferException(FailureKind.FORBIDDEN, "PERMISSION_DENIED");
            default -> {}
        }
        boolean taken = files.containsKey(key(to)) || directories.contains(to);
        if (profile == Profile.RENAME_REFUSES_FIRST && taken) {
            throw failure("the name is taken");
        }
        if (!files.containsKey(key(from)) && !directories.contains(from)) {
            throw new TransferException(FailureKind.PATH_MISSING, "no file " + from);
        }
        needDirectoryOf(to);
        if (taken || crossing(from, to)) {
            throw failure("the name is taken, or on another device");
        }
        if (directories.contains(from)) {
            moveDirectory(from, to);
            return;
        }
        move(from, to);
    }

    private boolean crossing(String from, String to) {
        return profile == Profile.STAGING_ELSEWHERE && isFinal(from) != isFinal(to);
    }

    private void move(String from, String to) throws TransferException {
        Node node = files.get(key(from));
        if (node == null) {
            throw new TransferException(FailureKind.PATH_MISSING, "no file " + from);
        }
        String known = names.get(key(to));
        Node before = files.get(key(to));
        take(from);
        take(to);
        put(to, node);
        if (isFinal(from) && !isFinal(to)) {
            truth.setAside(from, node, to);
        }
        if (isFinal(to)) {
            truth.appeared(to, node, before, known);
        }
    }

    /** The partner's own doing. */
    void partnerPuts(String path, byte[] bytes) {
        var node = new Node(Node.Origin.PARTNER, seconds());
        node.write(0, bytes, seconds());
        put(path, node);
    }

    Node partnerTakes(String path) {
        return take(path);
    }

    List<String> finalNames() {
        return names.values().stream().filter(Server::isFinal).toList();
    }

    void shorten() {
        names.forEach((key, path) -> {
            Node node = files.get(key);
            // What is whole and proven is trusted; a part, and what was withdrawn, is not to be.
            boolean part = !node.finished() || path.contains(".withdrawn");
            if (!isFinal(path) && part && node.bytes().length > 1) {
                node.truncate(node.bytes().length / 2, seconds());
            }
        });
        restart();
    }

    void restart() {
        if (profile == Profile.LOSES_UNSYNCED) {
            truth.serverCrashed();
            names.forEach((key, path) -> {
                if (!isFinal(path)) {
                    files.get(key).loseUnsynced();
                }
            });
        }
        List.copyOf(connections).forEach(Connection::breakOff);
    }

    void setReadOnly(boolean is) {
        readOnly = is;
    }

    /** Nobody gets in for so long. */
    void down(long millis, FailureKind kind) {
        downUntil = kernel.now() + millis;
        downBy = kind;
        if (kind == FailureKind.UNREACHABLE) {
            List.copyOf(connections).forEach(Connection::breakOff);
        }
    }

    void crowded(long millis) {
        crowdedUntil = kernel.now() + millis;
    }

    void letIn() throws TransferException {
        if (kernel.now() < downUntil) {
            throw new TransferException(downBy, "nobody gets in");
        }
        if (kernel.now() < crowdedUntil && !connections.isEmpty()) {
            throw new TransferException(FailureKind.UNREACHABLE, "too many connections");
        }
    }

    void connected(Connection connection) {
        connections.add(connection);
    }

    void left(Connection connection) {
        connections.remove(connection);
    }
}
