package io.waybill.worker.upload;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.worker.partition.StagingTokens;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names at a destination that Waybill makes and removes: staging files, files that are withdrawn or set aside, files of
 * trials, and rooms. No delivered file may have such a name, because the cleaner would take it for the remains of an
 * execution. The cleaner removes nothing else. Any thread.
 */
public final class ReservedNames {
    /**
     * A file's id, its attempt, and the token of {@link StagingTokens}. Rooms and files that were set aside have no dot
     * before the token.
     */
    private static final String STAGED = "[a-z2-7]{26}-\\d+\\.\\d+[._]p\\d+-[0-9a-z]+-[a-z2-7]{8}";

    private static final String MARK = "\\.(?:withdrawn|room|aside|probe\\d+)";

    private final Pattern pattern;

    /**
     * @param staging how staging files are named at the destination
     */
    public ReservedNames(Staging staging) {
        String text = Pattern.quote(staging.text());
        String before = staging.kind() == Staging.Kind.PREFIX ? text : "";
        // A mark stands before the suffix. The files of a trial have a suffix on either side of the mark.
        String after = staging.kind() == Staging.Kind.SUFFIX ? "(?:" + text + ")?" : "";
        this.pattern = Pattern.compile(before + STAGED + after + "(?:" + MARK + after + ")?(?:\\.closed)?");
    }

    /** Whether a whole name in a directory is one of these. */
    public boolean has(String name) {
        return pattern.matcher(name).matches();
    }

    /** Why a file cannot have its name; empty if it can. */
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
