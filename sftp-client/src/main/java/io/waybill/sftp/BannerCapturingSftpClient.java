package io.waybill.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;

/**
 * An SFTP client that remembers the beginning of the server's stream. The output of a login script comes first in that
 * stream. The library takes it for the length of a packet and closes the connection without saying why. The superclass's
 * constructor talks to the server and leaves no client behind when it fails. Therefore a caller that wants this text must
 * call {@link #textInsteadOfSftp} first.
 */
class BannerCapturingSftpClient extends DefaultSftpClient {
    private static final AttributeKey<AtomicReference<String>> BEGINNING = new AttributeKey<>();
    private static final int LONGEST = 100;

    BannerCapturingSftpClient(ClientSession session, SftpVersionSelector version) throws IOException {
        super(session, version, null);
    }

    /**
     * Starts to record what comes over a session.
     *
     * @return supplies the text with which the session's first SFTP stream began; empty if the stream began with SFTP
     */
    static Supplier<Optional<String>> textInsteadOfSftp(ClientSession session) {
        // The supplier does not ask the session later: a session forgets its attributes when it is closed.
        var beginning = new AtomicReference<>("");
        session.setAttribute(BEGINNING, beginning);
        // An SFTP packet begins with its length, which is below 2^24.
        return () -> Optional.of(beginning.get()).filter(text -> !text.isEmpty() && text.charAt(0) != 0);
    }

    @Override
    protected int data(byte[] buffer, int start, int length) throws IOException {
        AtomicReference<String> beginning = getClientSession().getAttribute(BEGINNING);
        if (beginning != null && beginning.get().isEmpty()) {
            beginning.set(new String(buffer, start, Math.min(length, LONGEST), StandardCharsets.US_ASCII));
        }
        return super.data(buffer, start, length);
    }
}
