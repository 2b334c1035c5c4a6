package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is seen under a name that several versions share is told apart. */
final class HistoryTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NAME = "f";
    private static final String KEY = "calm/f";

    private final List<DirectoryEvent> directoryEvents = new ArrayList<>();
    private final Map<Long, String> contents = new HashMap<>();

    @Test
    void shouldTellVersionsApartByTheNamesTheyWereStagedUnder() {
        appears(Optional.of(id(1) + "-1.1.token"), "sha1");
        appears(Optional.of(id(2) + "-1.2.token"), "sha2");

        History history = history(false, 0, 1);

        assertThat(history.files().get(0).publishes()).containsExactly(directoryEvents.get(0));
        assertThat(history.files().get(1).publishes()).containsExactly(directoryEvents.get(1));
        assertThat(new NewerStays().violations(history)).isEmpty();
    }

    @Test
    void shouldSeeAnOlderVersionFollowANewerOne() {
        appears(Optional.of(id(2) + "-1.1.token"), "sha2");
        appears(Optional.of(id(1) + "-1.1.token"), "sha1");

        assertThat(new NewerStays().violations(history(false, 0, 1))).hasSize(1);
    }

    @Test
    void shouldKnowNoOrderOfVersionsThatWereReplacedWithinOneSecond() {
        appears(Optional.of(id(2) + "-1.1.token"), "sha2");
        appears(Optional.of(id(1) + "-1.1.token"), "sha1");

        History history = history(false, 0, 0, 1);

        assertThat(new NewerStays().violations(history)).isEmpty();
        assertThat(history.files().get(0).disorders()).isEqualTo(1);
    }

    @Test
    void shouldNotTakeAFileThatWasPutBackForAPublish() {
        appears(Optional.of(id(1) + "-1.1.token"), "sha1");
        sees("calm/.waybill", id(2) + "-1.1_token.aside", Optional.of(NAME));
        appears(Optional.of(id(2) + "-1.1_token.aside"), "sha1");
        appears(Optional.empty(), "sha1");

        History history = history(true, 0, 1);

        FileHistory older = history.files().getFirst();
        assertThat(older.publishes()).hasSize(1);
        assertThat(older.putBack()).isEqualTo(2);
        assertThat(history.files().getLast().setAside()).isEqualTo(1);
        assertThat(history.files().getLast().publishes()).isEmpty();
    }

    @Test
    void shouldTakeALinkAndAnUnlinkForTheRenameThatTheyAre() {
        contents.put(0L, "sha1");
        sees(DirectoryEvent.Kind.CREATE, "calm", NAME, Optional.empty());
        sees(DirectoryEvent.Kind.DELETE, "calm/.waybill", id(1) + "-1.1.token", Optional.empty());
        contents.put(2L, "sha2");
        sees(DirectoryEvent.Kind.CREATE, "calm", NAME, Optional.empty());
        sees(DirectoryEvent.Kind.DELETE, "calm/.waybill", id(1) + "-1.2.token.withdrawn", Optional.empty());
        sees(DirectoryEvent.Kind.DELETE, "calm/.waybill", id(2) + "-1.1.token", Optional.empty());

        History history = history(true, 0, 1);

        assertThat(history.violations())
                .filteredOn(one -> one.promise().equals(new NoPartialFile().promise())
                        || one.promise().equals(new OneRenameForSending().promise()))
                .isEmpty();
        assertThat(history.files()).allSatisfy(file -> assertThat(file.publishes()).hasSize(1));
    }

    @Test
    void shouldTellAFileThatWasLinkedBackFromAPublish() {
        contents.put(0L, "sha1");
        sees(DirectoryEvent.Kind.CREATE, "calm", NAME, Optional.empty());
        sees(DirectoryEvent.Kind.DELETE, "calm/.waybill", id(1) + "-1.1.token", Optional.empty());
        sees(DirectoryEvent.Kind.CREATE, "calm/.waybill", id(2) + "-1.1_token.aside", Optional.empty());
        contents.put(3L, "sha1");
        sees(DirectoryEvent.Kind.CREATE, "calm", NAME, Optional.empty());
        sees(DirectoryEvent.Kind.DELETE, "calm/.waybill", id(2) + "-1.1_token.aside", Optional.empty());

        History history = history(true, 0, 1);

        assertThat(history.files().getFirst().publishes()).hasSize(1);
        assertThat(history.files().getFirst().putBack()).isEqualTo(1);
        assertThat(history.files().getLast().setAside()).isEqualTo(1);
    }

    @Test
    void shouldCountWhatCameFromNowhereWhereNothingIsSetAside() {
        appears(Optional.empty(), "sha1");

        assertThat(new OneRenameForSending().violations(history(false, 0))).hasSize(1);
    }

    private void appears(Optional<String> from, String content) {
        contents.put((long) directoryEvents.size(), content);
        sees("calm", NAME, from);
    }

    private void sees(String directory, String name, Optional<String> from) {
        sees(DirectoryEvent.Kind.MOVED_TO, directory, name, from);
    }

    private void sees(DirectoryEvent.Kind kind, String directory, String name, Optional<String> from) {
        directoryEvents.add(new DirectoryEvent(directoryEvents.size(), kind, directory, name, from));
    }

    /**
     * @param seconds when each version was written
     */
    private History history(boolean setsAside, int... seconds) {
        var sent = new ArrayList<Sent>();
        var states = new ArrayList<FileState>();
        for (int i = 1; i <= seconds.length; i++) {
            sent.add(new Sent("calm", NAME, i, 5, "sha" + i, "etag" + i, true));
            states.add(new FileState(
                    new FileId(id(i)),
                    new RouteName("calm"),
                    new SourceObject("crash", KEY, null, "etag" + i, 5, THEN.plusSeconds(seconds[i - 1])),
                    null,
                    null,
                    new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, THEN),
                    null,
                    1,
                    THEN,
                    THEN));
        }
        return History.of(
                sent, new Seen(directoryEvents, contents, Map.of()), setsAside, states, List.of(), List.of());
    }

    private static String id(int version) {
        return "abcdefghijklmnopqrstuvwxy" + (char) ('a' + version);
    }
}
