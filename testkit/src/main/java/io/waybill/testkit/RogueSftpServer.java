package io.waybill.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.common.SftpConstants;

/**
 * An SFTP server within the test's process that can be told to misbehave, before and while it is used. It serves one
 * directory as its root and lets {@link #USER} in with {@link #PASSWORD}.
 */
public final class RogueSftpServer implements AutoCloseable {
    public static final String USER = "partner";
    public static final String PASSWORD = "open sesame";

    private static final List<String> EXTENSIONS = List.of(
            "fsync@openssh.com", "hardlink@openssh.com", "posix-rename@openssh.com", "limits@openssh.com");

    private final Path files;
    private final SshServer server = SshServer.setUpDefaultServer();
    private final SimpleGeneratorHostKeyProvider hostKeys = new SimpleGeneratorHostKeyProvider();
    private final Misconduct misconduct = new Misconduct();

    private RogueSftpServer(Path files) {
        this.files = files;
    }

    /** A server that behaves well until told otherwise. */
    public static RogueSftpServer start(Path files) {
        return start(files, List.of());
    }

    /**
     * Starts a server.
     *
     * @param unknown extensions that it does not advertise and does not know, such as "posix-rename@openssh.com"
     */
    public static RogueSftpServer start(Path files, Collection<String> unknown) {
        var rogue = new RogueSftpServer(files);
        rogue.listen(unknown);
        return rogue;
    }

    private void listen(Collection<String> unknown) {
        // RSA takes seconds to generate on a small machine.
        hostKeys.setAlgorithm(KeyUtils.EC_ALGORITHM);
        hostKeys.setKeySize(256);
        String advertised = String.join(
                ",", EXTENSIONS.stream().filter(e -> !unknown.contains(e)).map(e -> e + "=1").toList());
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(server, advertised);
        // Random handles: the counted ones of the default size may name two files at once after a failed open.
        SftpModuleProperties.FILE_HANDLE_SIZE.set(server, 16);
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(hostKeys);
        PasswordAuthenticator door = (user, password, _) -> user.equals(USER) && password.equals(PASSWORD);
        server.setPasswordAuthenticator(door);
        server.setSubsystemFactories(List.of(new RogueSubsystem.Factory(misconduct)));
        server.addSessionListener(new SessionListener() {
            @Override
            public void sessionEvent(Session session, Event event) {
                if (event == Event.Authenticated && !misconduct.afterLogin.isNegative()) {
                    Thread.ofVirtual().start(() -> {
                        LockSupport.parkNanos(misconduct.afterLogin.toNanos());
                        session.close(true);
                    });
                }
            }
        });
        try {
            Files.createDirectories(files);
            server.setFileSystemFactory(new VirtualFileSystemFactory(files));
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("the server cannot listen", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** The directory it serves. */
    public Path files() {
        return files;
    }

    /** The fingerprint of its only host key, as "SHA256:…". */
    public String hostKey() {
        return KeyUtils.getFingerPrint(
                BuiltinDigests.sha256, hostKeys.loadKeys(null).iterator().next().getPublic());
    }

    /**
     * Answers a request with a status from now on, whatever is asked.
     *
     * @param request the request's name as {@code sftp-server -Q requests} lists it, such as "rename", "posix-rename",
     *                "fsync", "stat" or "setstat"
     * @param status  the SSH_FX code, such as 4 for a failure or 8 for one that is not supported
     */
    public RogueSftpServer refuse(String request, int status) {
        misconduct.refusals.put(request, status);
        return this;
    }

    /** Does what is asked, and never answers it. */
    public RogueSftpServer swallowAnswersTo(String request) {
        misconduct.refusals.put(request, Misconduct.NO_ANSWER);
        return this;
    }

    /** Does what is asked, and breaks the connection instead of answering. */
    public RogueSftpServer hangUpAfter(String request) {
        misconduct.refusals.put(request, Misconduct.HANG_UP);
        return this;
    }

    /** Does what the request asks for, and then refuses the request. */
    public RogueSftpServer denyHavingDone(String request, int status) {
        misconduct.denials.put(request, status);
        return this;
    }

    /** Breaks each connection so long after it let the user in. */
    public RogueSftpServer hangUpAfterLogin(Duration delay) {
        misconduct.afterLogin = delay;
        return this;
    }

    /** Says that it did what is asked, and does nothing. */
    public RogueSftpServer pretend(String request) {
        misconduct.refusals.put(request, Misconduct.PRETENDED);
        return this;
    }

    /** Answers the next request of this name with a status, and does what later ones ask for. */
    public RogueSftpServer refuseOnce(String request, int status) {
        misconduct.once.add(request);
        return refuse(request, status);
    }

    /** Lists nothing, and never says that this was all. */
    public RogueSftpServer listWithoutEnd() {
        misconduct.refusals.put("readdir", Misconduct.NOTHING_LISTED);
        return this;
    }

    /** From now on so many bytes find room, and every later write is refused with a plain failure. */
    public RogueSftpServer room(long bytes) {
        misconduct.room.set(bytes);
        return this;
    }

    /**
     * Does something else with every write that begins at an offset.
     *
     * @param fault what to do instead of writing and answering
     */
    public RogueSftpServer faultAt(long offset, WriteFault fault) {
        misconduct.writeFaults.put(offset, fault);
        return this;
    }

    /** What may go wrong with one write. */
    public enum WriteFault {
        /** Not written, and refused with a plain failure. */
        REFUSED,
        /** Written, and never answered. */
        UNANSWERED,
        /** Written, and answered after the write that comes next. */
        ANSWERED_LATE,
        /** Written at the beginning of the file instead of its place. */
        MISPLACED
    }

    /** Lets a connection made from now on have only one open handle at a time. */
    public RogueSftpServer oneHandleAtATime() {
        SftpModuleProperties.MAX_OPEN_HANDLES_PER_SESSION.set(server, 1);
        return this;
    }

    /** Lets a connection have no more than so many channels from now on. */
    public RogueSftpServer channels(int most) {
        misconduct.channels = most;
        return this;
    }

    /** Refuses from now on to write anywhere but behind what a file has already, as gateways to object stores do. */
    public RogueSftpServer appendOnly() {
        misconduct.appendOnly = true;
        return this;
    }

    /** From now on empties an existing file that is opened for writing, whether or not the flags ask for it. */
    public RogueSftpServer emptyWhatIsOpened() {
        misconduct.opening = as -> switch (as) {
            case SftpConstants.SSH_FXF_OPEN_EXISTING -> SftpConstants.SSH_FXF_TRUNCATE_EXISTING;
            case SftpConstants.SSH_FXF_OPEN_OR_CREATE -> SftpConstants.SSH_FXF_CREATE_TRUNCATE;
            default -> as;
        };
        return this;
    }

    /** The same, but only if the flags also allow to make the file. */
    public RogueSftpServer emptyWhatIsMadeAgain() {
        misconduct.opening =
                as -> as == SftpConstants.SSH_FXF_OPEN_OR_CREATE ? SftpConstants.SSH_FXF_CREATE_TRUNCATE : as;
        return this;
    }

    /** From now on does not empty a file that is opened with truncation. */
    public RogueSftpServer emptyNothing() {
        misconduct.opening = as -> switch (as) {
            case SftpConstants.SSH_FXF_TRUNCATE_EXISTING -> SftpConstants.SSH_FXF_OPEN_EXISTING;
            case SftpConstants.SSH_FXF_CREATE_TRUNCATE -> SftpConstants.SSH_FXF_OPEN_OR_CREATE;
            default -> as;
        };
        return this;
    }

    /**
     * From now on writes into a separate file for each opening. That file gets its name when it is closed. Some servers
     * do this and call it an atomic upload.
     */
    public RogueSftpServer hideUntilClosed() {
        misconduct.hides = true;
        return this;
    }

    /** Takes this long over each write to the second and every later channel of a connection. */
    public RogueSftpServer slowStripes(Duration each) {
        misconduct.slow = each;
        return this;
    }

    /** Does nothing about requests of this kind until then, nor about those that come behind one over the same channel. */
    public RogueSftpServer holdBack(String request, CountDownLatch until) {
        misconduct.held.put(request, until);
        return this;
    }

    /** The most channels that were open at one time, over all connections. */
    public int mostChannels() {
        return misconduct.mostOpen.get();
    }

    /** Refuses some renames from now on, plain and atomic ones, with a plain failure: those of which this says so. */
    public RogueSftpServer refuseRenames(BiPredicate<String, String> fromAndTo) {
        misconduct.refusedRenames = fromAndTo;
        return this;
    }

    /** Renames over names that are taken from now on, without being asked to. */
    public RogueSftpServer overwriteOnRename() {
        misconduct.overwrites = true;
        return this;
    }

    /**
     * Takes names for one from now on that are equal once folded, as servers on Windows or macOS do: the one that is there.
     *
     * @param fold of a single name
     */
    public RogueSftpServer foldNames(UnaryOperator<String> fold) {
        misconduct.fold = fold;
        return this;
    }

    /** Says no more than the number of a status from now on: neither text nor language, as some devices do. */
    public RogueSftpServer briefStatuses() {
        misconduct.briefStatuses = true;
        return this;
    }

    /** Breaks the attributes of a file off, behind what says which they are, from now on. */
    public RogueSftpServer cutAttributes() {
        misconduct.cutAttributes = true;
        return this;
    }

    /** From now on cuts the answers to extended requests after the first number. */
    public RogueSftpServer cutReplies() {
        misconduct.cutReplies = true;
        return this;
    }

    /**
     * Answers a request with these bytes from now on, and does nothing else about it.
     *
     * @param answer to the number of a request: the whole packet, or several, each with the length that it begins with
     */
    public RogueSftpServer answer(String request, IntFunction<byte[]> answer) {
        misconduct.answers.put(request, answer);
        return this;
    }

    /** Tells the truth again, and has room. */
    public void behave() {
        misconduct.refusals.clear();
        misconduct.answers.clear();
        misconduct.once.clear();
        misconduct.denials.clear();
        misconduct.held.clear();
        misconduct.writeFaults.clear();
        misconduct.overwrites = false;
        misconduct.refusedRenames = Misconduct.NONE;
        misconduct.fold = UnaryOperator.identity();
        misconduct.appendOnly = false;
        misconduct.opening = IntUnaryOperator.identity();
        misconduct.hides = false;
        misconduct.briefStatuses = false;
        misconduct.cutAttributes = false;
        misconduct.cutReplies = false;
        misconduct.channels = Integer.MAX_VALUE;
        misconduct.slow = Duration.ZERO;
        misconduct.afterLogin = Misconduct.NEVER;
        misconduct.room.set(Long.MAX_VALUE);
    }

    /** How often a request of this name came. */
    public long requests(String request) {
        return misconduct.counts.getOrDefault(request, new AtomicLong()).get();
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException("the server cannot be stopped", e);
        }
    }

    /** What the server does wrong; shared with its sessions. */
    static final class Misconduct {
        static final int NO_ANSWER = -1;
        static final int HANG_UP = -2;
        static final int PRETENDED = -3;
        static final int NOTHING_LISTED = -4;
        static final BiPredicate<String, String> NONE = (_, _) -> false;
        static final Duration NEVER = Duration.ofNanos(-1);

        final Map<String, Integer> refusals = new ConcurrentHashMap<>();
        final Map<String, IntFunction<byte[]>> answers = new ConcurrentHashMap<>();
        final Map<String, Integer> denials = new ConcurrentHashMap<>();
        final Set<String> once = ConcurrentHashMap.newKeySet();
        final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
        final Map<Long, WriteFault> writeFaults = new ConcurrentHashMap<>();
        final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
        volatile BiPredicate<String, String> refusedRenames = NONE;
        volatile boolean overwrites;
        volatile UnaryOperator<String> fold = UnaryOperator.identity();
        volatile boolean appendOnly;
        volatile IntUnaryOperator opening = IntUnaryOperator.identity();
        volatile boolean hides;
        final AtomicInteger hidden = new AtomicInteger();
        volatile boolean briefStatuses;
        volatile boolean cutAttributes;
        volatile boolean cutReplies;
        volatile int channels = Integer.MAX_VALUE;
        volatile Duration slow = Duration.ZERO;
        volatile Duration afterLogin = NEVER;
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger mostOpen = new AtomicInteger();
        final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
    }
}
