package io.waybill.worker.upload;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.worker.partition.StagingTokens;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names at a destination that Waybill gives and takes away: of staging files, of what they are withdrawn, tried out or
 * set aside as, and of rooms. No delivered file may have one, since what cleans up would take it for what an execution left.
 * Nothing else is cleaned up. Any thread.
 */
public final class ReservedNames {
    /** A file's id, its attempt, and the token of {@link StagingTokens}; rooms and what is set aside have no dot before that. */
    private static final String STAGED = "[a-z2-7]{26}-\\d+\\.\\d+[._]p\\d+-[0-9a-z]+-[a-z2-7]{8}";

    private static final String MARK = "\\.(?:withdrawn|room|aside|probe\\d+)";

    private final Pattern pattern;

    /**
     * @param staging how staging files are named at the destination
     */
    public ReservedNames(Staging staging) {
        String text = Pattern.quote(staging.text());
        String before = staging.kind() == Staging.Kind.PREFIX ? text : "";
        // A mark stands before the suffix; what is tried out has one on either side of it.
        String after = staging.kind() == Staging.Kind.SUFFIX ? "(?:" + text + ")?" : "";
        this.pattern = Pattern.compile(before + STAGED + after + "(?:" + MARK + after + ")?(?:\\.closed)?");
    }

    /** Whether a name in a directory is one of them, as a whole. */
    public boolean has(String name) {
        return pattern.matcher(name).matches();
    }

    /** Why a file cannot have its name; empty where it can. */
    public Optional<Failure> fault(RemotePath path) {
        return has(path.name())
                ? Optional.of(new Failure(
                        FailureKind.BAD_NAME,
                        "'" + path.name()
                                + "' is a name of the kind that Waybill gives its own staging files, and removes;"
                                + " a file of that name would not last, so it is not sent"))
                : Optional.empty();
    }
}
