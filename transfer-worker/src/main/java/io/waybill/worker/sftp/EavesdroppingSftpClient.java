package io.waybill.worker.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;

/**
 * An SFTP client that remembers how the server's stream began: what a login script prints comes first there, takes the
 * place of a packet's length, and makes the library close the channel without a word about it. The beginning is kept with
 * the session, because the constructor talks to the server and leaves no client behind when it fails.
 */
class EavesdroppingSftpClient extends DefaultSftpClient {
    private static final AttributeKey<String> BEGINNING = new AttributeKey<>();
    private static final int LONGEST = 100;

    EavesdroppingSftpClient(ClientSession session, SftpVersionSelector version) throws IOException {
        super(session, version, null);
    }

    @Override
    protected int data(byte[] buffer, int start, int length) throws IOException {
        getClientSession()
                .computeAttributeIfAbsent(
                        BEGINNING,
                        _ -> new String(buffer, start, Math.min(length, LONGEST), StandardCharsets.US_ASCII));
        return super.data(buffer, start, length);
    }

    /** What a session's SFTP stream began with, if that is text and no SFTP. */
    static Optional<String> textInsteadOfSftp(ClientSession session) {
        // A packet begins with its length, which is below 2^24.
        return Optional.ofNullable(session.getAttribute(BEGINNING))
                .filter(text -> !text.isEmpty() && text.charAt(0) != 0);
    }
}
