package io.waybill.sftp;

import java.util.OptionalLong;

/**
 * What a server says about a file.
 *
 * @param size     bytes; empty if the server does not report it
 * @param modified when the content last changed, in seconds since 1970; empty if the server does not report it
 * @param kind     what kind of file it is, if the server reports it
 */
public record RemoteStat(OptionalLong size, OptionalLong modified, Kind kind) {
    /** The answer of a server that reports nothing. */
    public static final RemoteStat UNTOLD = new RemoteStat(OptionalLong.empty(), OptionalLong.empty(), Kind.UNTOLD);

    /**
     * Whether the server reports both size and time of the file, and they are equal to these. An empty value is equal to
     * nothing.
     */
    public boolean tells(long bytes, OptionalLong when) {
        return size.isPresent()
                && size.getAsLong() == bytes
                && modified.isPresent()
                && modified.equals(when);
    }

    /** What a name stands for. */
    public enum Kind {
        FILE,
        DIRECTORY,
        /** A link, a device or something similar. */
        OTHER,
        /** The server does not report it. */
        UNTOLD
    }
}
