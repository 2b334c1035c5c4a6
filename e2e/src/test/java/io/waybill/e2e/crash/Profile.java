package io.waybill.e2e.crash;

import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.ProFtpdServer;
import io.waybill.testkit.SftpServer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The server that files are delivered to. */
enum Profile {
    /** Class A: it replaces a file in one step, and syncs files and directories. */
    OPENSSH("openssh"),
    /** Class B: it replaces a file in one step, and syncs no directory. */
    PROFTPD("proftpd"),
    /** Class C: OpenSSH whose only rename is the plain one, which refuses a name that is taken. */
    CLASS_C("class-c");

    private final String text;

    Profile(String text) {
        this.text = text;
    }

    SftpServer start(Path directory) {
        return switch (this) {
            case OPENSSH -> OpenSshServer.start(directory);
            case PROFTPD -> ProFtpdServer.start(directory);
            case CLASS_C -> OpenSshServer.start(directory, Set.of("posix-rename"));
        };
    }

    /** What the kernel tells when a file gets its final name; OpenSSH's plain RENAME is a link and an unlink. */
    Set<DirectoryEvent.Kind> appearing() {
        return setsAside() ? EnumSet.of(DirectoryEvent.Kind.MOVED_TO, DirectoryEvent.Kind.CREATE)
                : EnumSet.of(DirectoryEvent.Kind.MOVED_TO);
    }

    /** Whether an older file is set aside before a newer one gets its name. */
    boolean setsAside() {
        return this == CLASS_C;
    }

    /** As it is named on a command line. */
    @Override
    public String toString() {
        return text;
    }
}
