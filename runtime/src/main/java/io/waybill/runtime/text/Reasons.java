package io.waybill.runtime.text;

import io.waybill.domain.Texts;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Exceptions in words for people: no class names, no secrets of addresses. */
public final class Reasons {
    private static final Pattern CLASS_NAME = Pattern.compile("^(?:[a-z][\\w]*\\.)+[A-Z]\\w*(?:: |$)");
    private static final Pattern WORD = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private Reasons() {}

    /** The reason of a failure, and of what caused it, from the outside to the inside. */
    public static String of(Throwable failure) {
        var reasons = new LinkedHashSet<String>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String reason = words(cause);
            // An outer exception often repeats its cause, or says nothing else than that it has one.
            if (!reason.isEmpty() && reasons.stream().noneMatch(known -> known.contains(reason))) {
                reasons.add(reason);
            }
            if (cause instanceof ConnectException) {
                break; // Java's client gives a closed channel as its cause.
            }
        }
        return Texts.masked(reasons.isEmpty() ? name(failure) : String.join(": ", reasons));
    }

    private static String words(Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        return switch (failure) {
            case ConnectException _ -> message.isEmpty() ? "connection refused" : message;
            case HttpTimeoutException _, SocketTimeoutException _,TimeoutException _ -> "no answer in time";
            case UnknownHostException _ -> "unknown host " + message;
            case UnresolvedAddressException _ -> "unknown host";
            case ClosedChannelException _, EOFException _ -> "the connection was closed";
            case NoSuchFileException file -> "there is no file " + file.getFile();
            case AccessDeniedException file -> "no permission for " + file.getFile();
            case FileSystemException _ -> message;
            default -> {
                String text = CLASS_NAME.matcher(message).replaceFirst("").strip();
                yield text.isEmpty() && failure.getCause() == null ? name(failure) : text;
            }
        };
    }

    /** For example "closed by interrupt" for a ClosedByInterruptException without a message. */
    private static String name(Throwable failure) {
        String name = failure.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
        return WORD.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
    }
}
