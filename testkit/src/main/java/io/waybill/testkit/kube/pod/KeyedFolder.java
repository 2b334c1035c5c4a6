package io.waybill.testkit.kube.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A ConfigMap or Secret as a folder, laid out as the kubelet does it: a folder for each state, {@code ..data} as a link to
 * the newest, and a link for each key through it. So a reader never sees half a change.
 */
final class KeyedFolder {
    private final Path folder;
    private int states;

    KeyedFolder(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** Shows these contents from now on. One thread. */
    void show(Map<String, byte[]> contents, int mode) throws IOException {
        var state = Files.createDirectory(folder.resolve("..state_" + ++states));
        for (var entry : contents.entrySet()) {
            Path file = state.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
            Files.setPosixFilePermissions(file, permissions(mode));
        }
        Path link = folder.resolve("..data_new");
        Files.createSymbolicLink(link, state.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String key : contents.keySet()) {
            String first = Path.of(key).getName(0).toString();
            if (!Files.exists(folder.resolve(first), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(folder.resolve(first), Path.of("..data", first));
            }
        }
    }

    Path folder() {
        return folder;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var all = PosixFilePermission.values(); // from the owner's reading to the others' executing
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
