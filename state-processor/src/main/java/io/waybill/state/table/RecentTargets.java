package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Target;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Notices two keys of one route that get the same target path, if both files are among the last {@value #MOST} targets
 * that this process assigned. If there are several instances, or more files between the two, it may miss the pair. It
 * takes at most 3 MB, whatever the length of keys and paths. Safe for several threads, because files of one path are in
 * different partitions.
 */
final class RecentTargets {
    /** The number of targets that it remembers. */
    static final int MOST = 10_000;

    /** The key is a hash of route, destination and path. The map itself is the lock. */
    private final LinkedHashMap<UUID, Taken> taken = new LinkedHashMap<>();

    /** The last file with a target. A hash of the key is enough to distinguish it from another key. */
    private record Taken(FileId file, int key) {}

    /**
     * Notes that a file has got its target.
     *
     * @param folding which names the destination treats as one
     * @return the file of another key that had the same target before
     */
    Optional<FileId> given(FileState file, Target target, NameFolding folding) {
        UUID place = UUID.nameUUIDFromBytes(
                (file.route() + "\n" + target.destination() + "\n" + folding.fold(target.path()))
                        .getBytes(StandardCharsets.UTF_8));
        var now = new Taken(file.id(), file.source().key().hashCode());
        @Nullable Taken before;
        synchronized (taken) {
            before = taken.putLast(place, now);
            if (taken.size() > MOST) {
                taken.pollFirstEntry();
            }
        }
        return Optional.ofNullable(before).filter(other -> other.key() != now.key()).map(Taken::file);
    }
}
