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
 * An SFTP client that remembers how the server's stream began: what a login script prints comes first there, takes the
 * place of a packet's length, and makes the library close the connection without a word about it. The constructor talks to
 * the server and leaves no client behind when it fails, so who wants to know listens before.
 */
class BannerCapturingSftpClient extends DefaultSftpClient {
    private static final AttributeKey<AtomicReference<String>> BEGINNING = new AttributeKey<>();
    private static final int LONGEST = 100;

    BannerCapturingSftpClient(ClientSession session, SftpVersionSelector version) throws IOException {
        super(session, version, null);
    }

    /**
     * Begins to listen to what comes over a session, and tells later what its first SFTP stream began with, if that is text
     * and no SFTP.
     */
    static Supplier<Optional<String>> textInsteadOfSftp(ClientSession session) {
        // Not asked of the session later: it forgets its attributes as soon as it is closed.
        var beginning = new AtomicReference<>("");
        session.setAttribute(BEGINNING, beginning);
        // A packet begins with its length, which is below 2^24.
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
