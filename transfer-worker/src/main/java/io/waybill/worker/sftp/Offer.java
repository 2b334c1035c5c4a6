package io.waybill.worker.sftp;

import io.waybill.worker.Capability;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a server says of itself. */
final class Offer {
    private static final Map<Capability, String> EXTENSIONS = Map.of(
            Capability.REPLACE, SftpSession.REPLACE,
            Capability.SYNC, SftpSession.SYNC,
            Capability.SYNC_DIRECTORY, SftpSession.SYNC,
            Capability.FREE_SPACE, FreeSpace.EXTENSION);

    private Offer() {}

    /** By the names of its extensions. */
    static Set<Capability> of(Set<String> extensions) {
        var offered = EnumSet.of(Capability.RENAME);
        EXTENSIONS.forEach((capability, extension) -> {
            if (extensions.contains(extension)) {
                offered.add(capability);
            }
        });
        return offered;
    }
}
