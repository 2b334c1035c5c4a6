package io.waybill.testkit;

import io.waybill.testkit.RogueSftpServer.Misconduct;
import io.waybill.testkit.RogueSftpServer.WriteFault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** The server's side of one SFTP channel, doing wrong as told. */
final class RogueSubsystem extends SftpSubsystem {
    private final Misconduct misconduct;
    private final boolean further;
    private final Map<String, Long> written = new HashMap<>();
    private final Map<String, Hidden> hidden = new HashMap<>();
    private boolean mute;
    private Optional<WriteFault> fault = Optional.empty();
    private Optional<Buffer> held = Optional.empty();

    private RogueSubsystem(ChannelSession channel, SftpSubsystemConfigurator configurator, Misconduct misconduct) {
        super(channel, configurator);
        this.misconduct = misconduct;
        this.further = channel.getChannelId() > 0;
        misconduct.mostOpen.accumulateAndGet(misconduct.open.incrementAndGet(), Math::max);
        channel.addCloseFutureListener(_ -> misconduct.open.decrementAndGet());
    }

    @Override
    protected void doProcess(Buffer buffer, int length, int type, int id) throws IOException {
        String request = nameOf(buffer, type);
        misconduct.counts.computeIfAbsent(request, _ -> new AtomicLong()).incrementAndGet();
        holdBack(request);
        IntFunction<byte[]> answer = misconduct.answers.get(request);
        if (answer != null) {
            out.writeBuffer(new ByteArrayBuffer(answer.apply(id)));
            return;
        }
        int status = misconduct.refusals.getOrDefault(request, SftpConstants.SSH_FX_OK);
        if (misconduct.once.remove(request)) {
            misconduct.refusals.remove(request);
        }
        if (status == Misconduct.PRETENDED) {
            sendStatus(prepareReply(buffer), id, SftpConstants.SSH_FX_OK, "");
            return;
        }
        if (status == Misconduct.NOTHING_LISTED) {
            Buffer none = prepareReply(buffer);
            none.putByte((byte) SftpConstants.SSH_FXP_NAME);
            none.putInt(id);
            none.putInt(0);
            send(none);
            return;
        }
        if (status == Misconduct.NO_ANSWER || status == Misconduct.HANG_UP) {
            mute = true;
            super.doProcess(buffer, length, type, id);
            mute = false;
            if (status == Misconduct.HANG_UP) {
                getServerSession().close(true);
            }
            return;
        }
        if (status != SftpConstants.SSH_FX_OK) {
            sendStatus(prepareReply(buffer), id, status, "refused");
            return;
        }
        Integer denial = misconduct.denials.get(request);
        mute = denial != null;
        super.doProcess(buffer, length, type, id);
        mute = false;
        if (denial != null) {
            sendStatus(prepareReply(buffer), id, denial, "refused");
        }
    }

    private void holdBack(String request) throws InterruptedIOException {
        CountDownLatch until = misconduct.held.get(request);
        if (until == null) {
            return;
        }
        try {
            until.await();
        } catch (InterruptedException e) {
            throw (InterruptedIOException) new InterruptedIOException("interrupted while a request was held back")
                    .initCause(e);
        }
    }

    @Override
    protected void send(Buffer buffer) throws IOException {
        shorten(buffer);
        Optional<WriteFault> faultOfThis = fault;
        fault = Optional.empty();
        if (faultOfThis.isEmpty() && !mute) {
            super.send(buffer);
            Optional<Buffer> late = held;
            held = Optional.empty();
            if (late.isPresent()) {
                super.send(late.get());
            }
        } else if (faultOfThis.equals(Optional.of(WriteFault.ANSWERED_LATE))) {
            held = Optional.of(ByteArrayBuffer.getCompactClone(buffer.array(), buffer.rpos(), buffer.available()));
        }
    }

    /** The length that a packet begins with is written when it is sent. */
    private void shorten(Buffer packet) {
        int type = packet.array()[packet.rpos() + Integer.BYTES];
        if (misconduct.briefStatuses && type == SftpConstants.SSH_FXP_STATUS
                || misconduct.cutAttributes && type == SftpConstants.SSH_FXP_ATTRS
                || misconduct.cutReplies && type == SftpConstants.SSH_FXP_EXTENDED_REPLY) {
            // Length, type, number, and then a status, flags or half a number.
            packet.wpos(packet.rpos() + Integer.BYTES + Byte.BYTES + 2 * Integer.BYTES);
        }
    }

    private static String nameOf(Buffer buffer, int type) {
        if (type != SftpConstants.SSH_FXP_EXTENDED) {
            return SftpConstants.getCommandMessageName(type)
                    .replace("SSH_FXP_", "")
                    .toLowerCase(Locale.ROOT);
        }
        int start = buffer.rpos();
        String extension = buffer.getString();
        buffer.rpos(start);
        return extension.replaceFirst("@.*", "");
    }

    @Override
    protected void doWrite(
            int id, String handle, long offset, int length, byte[] data, int from, int remaining) throws IOException {
        if (misconduct.room.addAndGet(-length) < 0) {
            throw new IOException("the test's disk is full");
        }
        Optional<WriteFault> told = Optional.ofNullable(misconduct.writeFaults.get(offset));
        if (told.equals(Optional.of(WriteFault.REFUSED))) {
            throw new IOException("the test refuses to write at " + offset);
        }
        if (misconduct.appendOnly && offset != written.getOrDefault(handle, 0L)) {
            throw new IOException("the test's store takes bytes only in their order");
        }
        written.merge(handle, (long) length, Long::sum);
        if (further) {
            LockSupport.parkNanos(misconduct.slow.toNanos());
        }
        boolean misplaced = told.equals(Optional.of(WriteFault.MISPLACED));
        super.doWrite(id, handle, misplaced ? 0 : offset, length, data, from, remaining);
        fault = told.filter(_ -> !misplaced);
    }

    /** Where the bytes of an open handle are, and the name that they will get. */
    private record Hidden(Path place, Path name) {}

    /**
     * Opens a file.
     *
     * @param flags what happens to a file that exists, and to one that does not, in the terms of later protocol
     *              versions
     */
    @Override
    protected String doOpen(int id, String path, int flags, int access, Map<String, Object> attributes)
            throws IOException {
        if ((access & SftpConstants.ACE4_WRITE_DATA) == 0) {
            return super.doOpen(id, path, flags, access, attributes);
        }
        Path file = resolveFile(path);
        if (Files.isRegularFile(file)
                && !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE)) {
            // Of itself, whoever runs the test: the system lets its administrator write to every file.
            throw new AccessDeniedException(path);
        }
        return misconduct.hides
                ? openHidden(id, path, flags, access, attributes)
                : super.doOpen(id, path, misconduct.opening.applyAsInt(flags), access, attributes);
    }

    private String openHidden(int id, String path, int flags, int access, Map<String, Object> attributes)
            throws IOException {
        String place = path.replaceFirst("[^/]*$", ".hidden-" + misconduct.hidden.incrementAndGet());
        Path name = resolveFile(path);
        boolean kept =
                flags == SftpConstants.SSH_FXF_OPEN_EXISTING || flags == SftpConstants.SSH_FXF_OPEN_OR_CREATE;
        if (kept && Files.exists(name)) {
            Files.move(name, resolveFile(place));
        }
        String handle = super.doOpen(id, place, SftpConstants.SSH_FXF_OPEN_OR_CREATE, access, attributes);
        hidden.put(handle, new Hidden(resolveFile(place), name));
        return handle;
    }

    @Override
    protected void doClose(int id, String handle) throws IOException {
        super.doClose(id, handle);
        Hidden whole = hidden.remove(handle);
        if (whole != null) {
            Files.move(whole.place(), whole.name(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    protected void doRename(int id, String from, String to, Collection<CopyOption> options) throws IOException {
        if (misconduct.refusedRenames.test(from, to)) {
            throw new IOException("the test refuses this rename");
        }
        Collection<CopyOption> all = new HashSet<>(options);
        if (misconduct.overwrites) {
            all.add(StandardCopyOption.REPLACE_EXISTING);
        }
        super.doRename(id, from, to, all);
    }

    @Override
    protected Path resolveFile(String remotePath) throws IOException {
        return folded(super.resolveFile(remotePath));
    }

    /** The path as it is there, where what is there differs from it only in what is folded. */
    private Path folded(Path path) {
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            return path;
        }
        Path directory = folded(parent);
        String wanted = misconduct.fold.apply(name.toString());
        try (var names = Files.list(directory)) {
            return names.filter(one -> misconduct.fold.apply(one.getFileName().toString()).equals(wanted))
                    .findAny()
                    .orElseGet(() -> directory.resolve(name));
        } catch (IOException e) {
            return directory.resolve(name);
        }
    }

    /** Makes one for each channel. */
    static final class Factory extends SftpSubsystemFactory {
        private final Misconduct misconduct;

        Factory(Misconduct misconduct) {
            this.misconduct = misconduct;
        }

        @Override
        public Command createSubsystem(ChannelSession channel) throws IOException {
            if (channel.getChannelId() >= misconduct.channels) {
                throw new IOException("the test takes no more channels");
            }
            return new RogueSubsystem(channel, this, misconduct);
        }
    }
}
