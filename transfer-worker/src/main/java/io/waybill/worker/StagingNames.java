package io.waybill.worker;

import io.waybill.domain.FileId;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig.Staging;

/** The names that files have at a destination before and beside their final one. */
final class StagingNames {
    private StagingNames() {}

    /**
     * A name that no other execution has, on the file system of the final name.
     *
     * @param token the execution's
     */
    static RemotePath staging(Staging staging, TransferWork work, String token) {
        RemotePath target = work.target().path();
        String unique = work.id() + "-" + work.attempt() + "." + token;
        return switch (staging.kind()) {
            case DIRECTORY -> below(stagingDirectory(staging, target), unique);
            case PREFIX -> target.sibling(staging.text() + unique);
            case SUFFIX -> target.sibling(unique + staging.text());
        };
    }

    private static RemotePath stagingDirectory(Staging staging, RemotePath target) {
        return target.sibling(staging.text());
    }

    /** Where a staging file goes that is not to be published any more. */
    static RemotePath withdrawn(Staging staging, RemotePath name) {
        String file = name.name();
        // The suffix is what keeps the partner's programs off.
        String suffix = staging.kind() == Staging.Kind.SUFFIX && file.endsWith(staging.text()) ? staging.text() : "";
        return name.sibling(file.substring(0, file.length() - suffix.length()) + ".withdrawn" + suffix);
    }

    /** Where a file goes whose name is taken: {@code stem.<file id>.extension}, beside the other. */
    static RemotePath keptBeside(RemotePath target, FileId id) {
        String name = target.name();
        int dot = name.lastIndexOf('.');
        // A leading dot hides a file; it begins no extension.
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        return target.sibling(stem + "." + id + extension);
    }

    /** What tells the partner that a file written under its final name is whole. */
    static RemotePath doneFile(RemotePath target) {
        return target.sibling(target.name() + ".done");
    }

    private static RemotePath below(RemotePath directory, String name) {
        return new RemotePath(directory.value() + "/" + name);
    }
}
