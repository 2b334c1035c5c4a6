package io.waybill.state.http;

import io.waybill.domain.FileId;
import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.runtime.api.BulkAnswer;
import io.waybill.runtime.api.BulkAnswer.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The result so far of a request about many files. */
final class BulkOutcome {
    private final boolean dryRun;
    private final List<String> ids = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private int accepted;
    private int refused;
    private int leftOut;
    private boolean ended;
    private final BulkRequests.BulkCursor from;
    private Optional<FileId> cursor;

    BulkOutcome(boolean dryRun, BulkRequests.BulkCursor from) {
        this.dryRun = dryRun;
        this.from = from;
        this.cursor = from.after();
    }

    void accepted(FileId id) {
        accepted++;
        cursor = Optional.of(id);
        if (ids.size() < BulkAnswer.NAMED) {
            ids.add(id.value());
        }
    }

    void refused(FileId id, String error) {
        refused++;
        cursor = Optional.of(id);
        if (refusals.size() < BulkAnswer.NAMED) {
            refusals.add(new Refusal(id.value(), error));
        }
    }

    void leftOut(FileId id) {
        leftOut++;
        cursor = Optional.of(id);
    }

    /**
     * Notes the end of a page.
     *
     * @param next the start of the next page; null if this page was the last
     */
    void reached(@Nullable String next) {
        ended = next == null;
        cursor = Optional.ofNullable(next).map(FileId::new);
    }

    int matched() {
        return accepted + refused;
    }

    boolean ended() {
        return ended;
    }

    Optional<FileId> cursor() {
        return cursor;
    }

    Counts counts() {
        return new Counts(accepted, refused, leftOut);
    }

    BulkAnswer answer() {
        return new BulkAnswer(
                dryRun,
                matched(),
                accepted,
                refused,
                ids,
                refusals,
                cursor.map(from::text).orElse(null),
                leftOut,
                null);
    }
}
