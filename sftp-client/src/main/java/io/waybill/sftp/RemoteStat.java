package io.waybill.sftp;

import java.util.OptionalLong;

/**
 * What a server says of a file.
 *
 * @param size     bytes; empty where the server keeps that to itself
 * @param modified when the content last changed, in seconds since 1970; empty where the server does not tell
 * @param kind     what it is, as far as the server tells
 */
public record RemoteStat(OptionalLong size, OptionalLong modified, Kind kind) {
    /** A server that says nothing. */
    public static final RemoteStat UNTOLD = new RemoteStat(OptionalLong.empty(), OptionalLong.empty(), Kind.UNTOLD);

    /** Whether the server tells both size and time of the file, and they are these; what is empty is equal to nothing. */
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
        /** A link, a device or the like. */
        OTHER,
        /** The server does not tell. */
        UNTOLD
    }
}
