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
 * Notices two keys of one route that get one target path, as long as both files come within the last {@value #MOST} targets
 * that this process has given: whoever has several instances, or more files between the two, may not hear of it. Takes 3 MB
 * at most, whatever the length of keys and paths. Safe for several threads: files of one path lie in different partitions.
 */
final class RecentTargets {
    /** Targets that are remembered. */
    static final int MOST = 10_000;

    /** By a hash of route, destination and path. Guarded by itself. */
    private final LinkedHashMap<UUID, Taken> taken = new LinkedHashMap<>();

    /** Who had a target last; a hash of the key says enough to tell it from another. */
    private record Taken(FileId file, int key) {}

    /**
     * A file has got its target.
     *
     * @param folding which names the destination takes for one
     * @return the file of another key that had the same one before
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
