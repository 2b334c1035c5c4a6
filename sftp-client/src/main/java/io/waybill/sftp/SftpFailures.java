package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.Texts;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Translates the errors of servers and of the library into Waybill's failures. No other class looks at an exception's type
 * or message.
 */
final class SftpFailures {
    private static final int LONGEST_QUOTE = 200;

    private SftpFailures() {}

    /** The server refused a request. */
    static TransferException refused(String action, SftpException refusal) {
        String detail = "cannot " + action + ": the server said " + quoted(refusal) + " ("
                + SftpConstants.getStatusName(refusal.getStatus()) + ")";
        if (refusal.getStatus() == SftpConstants.SSH_FX_OP_UNSUPPORTED) {
            return new UnsupportedRequestException(detail, refusal);
        }
        return new TransferException(kindOf(refusal), detail, refusal);
    }

    /** Whether the refusal means that the path names nothing. */
    static boolean nothingThere(SftpException refusal) {
        return refusal.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                || refusal.getStatus() == SftpConstants.SSH_FX_NO_SUCH_PATH;
    }

    private static FailureKind kindOf(SftpException refusal) {
        return switch (refusal.getStatus()) {
            case SftpConstants.SSH_FX_NO_SUCH_FILE,
                    SftpConstants.SSH_FX_NO_SUCH_PATH,
                    SftpConstants.SSH_FX_NOT_A_DIRECTORY ->
                FailureKind.PATH_MISSING;
            case SftpConstants.SSH_FX_PERMISSION_DENIED, SftpConstants.SSH_FX_WRITE_PROTECT -> FailureKind.FORBIDDEN;
            case SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, SftpConstants.SSH_FX_QUOTA_EXCEEDED ->
                FailureKind.DISK_FULL;
            case SftpConstants.SSH_FX_NO_CONNECTION, SftpConstants.SSH_FX_CONNECTION_LOST ->
                FailureKind.CONNECTION_LOST;
            default -> saysFull(refusal) ? FailureKind.DISK_FULL : FailureKind.REMOTE_ERROR;
        };
    }

    /** Protocol version 3 has no status for a full disk, so many servers say it in the text. */
    private static boolean saysFull(SftpException refusal) {
        String text = Objects.requireNonNullElse(refusal.getMessage(), "").toLowerCase(Locale.ROOT);
        return text.contains("no space") || text.contains("quota") || text.contains("disk full");
    }

    /**
     * The connection broke, or this client broke it because the server stopped answering.
     *
     * @param ended why either side ended the connection, if it gave a reason
     */
    static TransferException broken(
            String action, IOException cause, boolean stalled, Duration stallTimeout, Optional<String> ended) {
        if (cause instanceof InterruptedIOException) {
            Thread.currentThread().interrupt();
        }
        return stalled
                ? new TransferException(
                        FailureKind.STALLED,
                        "cannot " + action + ": the server answered nothing for " + stallTimeout
                                + ", or next to nothing for much longer, so Waybill hung up",
                        cause)
                : new TransferException(
                        FailureKind.CONNECTION_LOST,
                        "cannot " + action + ": "
                                + ended.orElseGet(() -> "the connection broke: " + messageOf(cause)),
                        cause);
    }

    /** The client could not connect or log in. */
    static TransferException connecting(Handshake handshake, IOException cause) {
        DestinationConfig destination = handshake.destination();
        String where = "'" + destination.name() + "' at " + destination.host() + ":" + destination.port();
        Optional<String> mismatch = handshake.mismatch();
        if (mismatch.isPresent()) {
            return new TransferException(
                    FailureKind.HOST_KEY, "destination " + where + " " + mismatch.get(), cause);
        }
        boolean noMoreMethods = cause instanceof SshException ssh
                && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
        if (noMoreMethods || handshake.login().wasRefused()) {
            // Some servers hang up after a refused login. To try again soon would be the next refused login.
            return new TransferException(
                    FailureKind.AUTHENTICATION, "destination " + where + " " + handshake.login().refusal(), cause);
        }
        return new TransferException(
                FailureKind.UNREACHABLE,
                "destination " + where + " is not reachable: "
                        + handshake.ended().orElseGet(() -> messageOf(cause)),
                cause);
    }

    /** The server accepted the login, and the connection ended before there was SFTP. */
    static TransferException endedAfterLogin(Handshake handshake, RuntimeException cause) {
        DestinationConfig destination = handshake.destination();
        return new TransferException(
                FailureKind.UNREACHABLE,
                "destination '" + destination.name() + "' at " + destination.host() + ":" + destination.port()
                        + " let user '" + destination.user() + "' in, and the connection ended before SFTP began"
                        + handshake.ended().map(reason -> ": " + reason).orElse("")
                        + ". If that lasts, ask the partner whether the user's directory is as the server wants it, and how"
                        + " many connections the user may have",
                cause);
    }

    /**
     * The server accepted the login, but there is no SFTP.
     *
     * @param instead the text that came where SFTP should have begun
     */
    static TransferException noSftp(DestinationConfig destination, Optional<String> instead, Exception cause) {
        String hint = instead.map(text -> "; what came instead is '" + clean(text)
                + "', as a login script of the user would print it")
                .orElse("");
        return new TransferException(
                FailureKind.REMOTE_ERROR,
                "destination '" + destination.name() + "' let user '" + destination.user()
                        + "' in but offers no SFTP: " + messageOf(cause) + hint,
                cause);
    }

    private static String quoted(SftpException refusal) {
        return "'" + clean(Objects.requireNonNullElse(refusal.getMessage(), "")) + "'";
    }

    static String messageOf(Throwable failure) {
        Throwable told = failure;
        // The library wraps the reason several times. The outer messages are empty or only class names.
        while (told.getCause() != null) {
            told = told.getCause();
        }
        String text = Objects.requireNonNullElse(told.getMessage(), "");
        return clean(text.isBlank() ? told.getClass().getSimpleName() : text);
    }

    /** A text of the server, fit for one line of a message. */
    static String clean(String text) {
        return clean(text, LONGEST_QUOTE);
    }

    static String clean(String text, int longest) {
        return Texts.cut(text.replaceAll("\\p{C}", " ").strip(), longest);
    }
}
