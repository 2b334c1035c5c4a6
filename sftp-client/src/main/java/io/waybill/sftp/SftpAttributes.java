package io.waybill.sftp;

import io.waybill.sftp.RemoteStat.Kind;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.sshd.common.util.buffer.Buffer;

/** The attributes of a file in the encoding of protocol version 3 (draft-ietf-secsh-filexfer-02, section 5). */
final class SftpAttributes {
    private static final int SIZE = 1;
    private static final int OWNER = 1 << 1;
    private static final int PERMISSIONS = 1 << 2;
    private static final int TIMES = 1 << 3;
    private static final int EXTENDED = 1 << 31;

    private static final long MOST_SECONDS = 0xFFFF_FFFFL;

    // The POSIX bits that hold the type of a file.
    private static final int TYPE = 0xF000;
    private static final int DIRECTORY = 0x4000;
    private static final int REGULAR = 0x8000;

    private SftpAttributes() {}

    /** Reads attributes and leaves the buffer positioned after them. */
    static RemoteStat read(Buffer from) {
        int flags = from.getInt();
        OptionalLong size = has(flags, SIZE) ? OptionalLong.of(from.getLong()) : OptionalLong.empty();
        if (has(flags, OWNER)) {
            from.getLong();
        }
        Kind kind = has(flags, PERMISSIONS) ? kindOf(from.getInt()) : Kind.UNTOLD;
        OptionalLong modified = OptionalLong.empty();
        if (has(flags, TIMES)) {
            from.getInt();
            modified = OptionalLong.of(from.getUInt());
        }
        if (has(flags, EXTENDED)) {
            for (int left = from.getInt(); left > 0; left--) {
                from.getBytes();
                from.getBytes();
            }
        }
        return new RemoteStat(size, modified, kind);
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static Kind kindOf(int permissions) {
        return switch (permissions & TYPE) {
            case DIRECTORY -> Kind.DIRECTORY;
            case REGULAR -> Kind.FILE;
            // The permissions do not contain the bits of a type.
            case 0 -> Kind.UNTOLD;
            default -> Kind.OTHER;
        };
    }

    /** Appends attributes that contain a size and nothing else. */
    static void putSize(Buffer to, long size) {
        to.putInt(SIZE);
        to.putLong(size);
    }

    /** Appends attributes that contain what is given. The time of the last access is the same as that of the last change. */
    static void put(Buffer to, OptionalInt permissions, OptionalLong modified) {
        to.putInt((permissions.isPresent() ? PERMISSIONS : 0) | (modified.isPresent() ? TIMES : 0));
        permissions.ifPresent(to::putInt);
        modified.ifPresent(seconds -> {
            // 32 bits without a sign.
            to.putUInt(Math.clamp(seconds, 0, MOST_SECONDS));
            to.putUInt(Math.clamp(seconds, 0, MOST_SECONDS));
        });
    }
}
