package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What everybody would say of a matrix that finds nothing: can it find anything? */
@RequiresOpenSsh
@RequiresInotify
final class CommitAfterRenameIT {
    @TempDir
    private Path directory;

    @Test
    void shouldSeeFilesPublishedTwiceByAWorkerThatCommitsAfterTheRename() throws Exception {
        CrashReport report = new CrashRun(directory, Scenario.PLAIN, Protocol.COMMIT_AFTER_RENAME, 2, 1)
                .run((_, _) -> Schedule.of(6, FaultAction.KILL, "sftp.replace.after"))
                .publish("crash-control.md");

        assertThat(report.log().done()).as("faults that happened").hasSizeGreaterThanOrEqualTo(3);
        assertThat(report.history().duplicates()).as("duplicate publishes").isPositive();
        assertThat(new OneRenameForSending().violations(report.history())).isNotEmpty();
        assertThat(new NoPartialFile().violations(report.history())).isEmpty();
    }
}
