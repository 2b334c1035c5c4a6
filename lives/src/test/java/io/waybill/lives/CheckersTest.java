package io.waybill.lives;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.Stage;
import io.waybill.domain.TransferException;
import io.waybill.lives.Plan.Importer;
import io.waybill.lives.Plan.Partner;
import io.waybill.lives.Plan.Put;
import io.waybill.lives.Plan.Settings;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.UnknownOutcome;
import io.waybill.runtime.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A life in which nothing goes wrong breaks no promise; in a world that does one thing wrong, its checker says so. */
final class CheckersTest {
    private static final Topics TOPICS = Searcher.topics();
    private static final Promises PROMISES = Promises.read(Searcher.document());
    private static final long HOUR = 3_600_000;
    private static final List<Put> ONE = List.of(new Put(0, 40, 0, 0, 100, 0));
    private static final List<Put> TWO = List.of(new Put(0, 40, 0, 0, 100, 0), new Put(0, 40, 1, 60_000, 60_100, 0));

    @Test
    void shouldFindNothingWrongWhereNothingIs() {
        for (Profile profile : Profile.values()) {
            assertThat(broken(plan(profile, ONE), Mischief.NONE)).as(profile.name()).isEmpty();
        }
    }

    @Test
    void shouldSeeAnOlderVersionTakeThePlaceOfANewer() {
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, TWO), onceMore())).contains(Promise.NEVER_OLDER);
    }

    @Test
    void shouldSeeASendingPublishedTwice() {
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, ONE), onceMore()))
                .contains(Promise.ONCE_PER_SENDING, Promise.ONE_MORE_PER_REQUEST);
    }

    /** The first file that appears appears again, when all is over. */
    private static Mischief onceMore() {
        return new Mischief() {
            private boolean done;

            @Override
            public void appeared(World world, String path, Node node) {
                if (!done) {
                    done = true;
                    world.kernel().after(HOUR / 8, () -> world.truth().appeared(path, node, null, null));
                }
            }
        };
    }

    @Test
    void shouldSeeAFileRemovedThatWasDelivered() {
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, ONE), new Mischief() {
            @Override
            public void appeared(World world, String path, Node node) {
                world.kernel().after(50, () -> world.truth().removed(path, world.server(path).partnerTakes(path)));
            }
        })).contains(Promise.ONLY_OURS, Promise.DELIVERED_STAYS);
    }

    @Test
    void shouldSeeAFileOfThePartnersReplacedWhereThatIsRefused() {
        Plan plan = plan(Profile.ATOMIC_DURABLE, ONE);
        Settings refusing = settings(Profile.ATOMIC_DURABLE, ConflictPolicy.REFUSE);
        assertThat(broken(plan.with(refusing), new Mischief() {
            @Override
            public void appeared(World world, String path, Node node) {
                if (node.origin().partner()) {
                    return;
                }
                var theirs = new Node(Node.Origin.PARTNER, 0);
                world.kernel().after(50, () -> world.truth().appeared(path, theirs, node, path));
            }
        })).contains(Promise.TAKEN_NAMES_ARE_KEPT);
    }

    @Test
    void shouldSeeBytesThatAreNotTheFiles() {
        assertThat(
                broken(plan(Profile.ATOMIC_DURABLE, ONE, new Fault(Fault.Kind.DISK_FULL, 1000, 0, 0)), new Mischief() {
                    @Override
                    public void appeared(World world, String path, Node node) {
                        world.truth().of(node.origin().file()).stood.clear();
                    }
                })).contains(Promise.COMPLETED_IS_TRUE);
    }

    @Test
    void shouldSeeADoneFileBesideAFileThatIsWrittenAnew() {
        assertThat(broken(plan(Profile.DIRECT, TWO), new Mischief() {
            @Override
            public boolean overlooks(World world, FileEvent event) {
                if (event instanceof FileEvent.Completed) {
                    world.kernel().after(10, () -> writeAnew(world, "/in/a.csv"));
                }
                return false;
            }
        })).contains(Promise.DONE_FILE_MEANS_WHOLE);
    }

    private static void writeAnew(World world, String path) {
        try {
            var _ = world.server(path).open(path, true);
        } catch (TransferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldSeeADoubtThatIsForgotten() {
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, ONE), new Doubting(true))).contains(Promise.DOUBT_IS_KEPT);
    }

    @Test
    void shouldSeeAFileSentWhileItIsInDoubt() {
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, ONE), new Doubting(false)))
                .contains(Promise.NOTHING_WHILE_IN_DOUBT);
    }

    /** Somebody doubts what was done right after it was, and then it is done again. */
    private static final class Doubting implements Mischief {
        private final boolean forgotten;
        private boolean doubted;

        Doubting(boolean forgotten) {
            this.forgotten = forgotten;
        }

        @Override
        public void appeared(World world, String path, Node node) {
            if (doubted) {
                return;
            }
            doubted = true;
            world.tell(new FileEvent.Failed(
                    new FileId(node.origin().file()),
                    world.kernel().instant(),
                    Stage.DELIVERY,
                    Attempt.FIRST,
                    new Failure(FailureKind.IN_DOUBT, "control")));
            world.kernel().after(5000, () -> world.truth().appeared(path, node, null, null));
        }

        @Override
        public boolean overlooks(World world, FileEvent event) {
            return event instanceof FileEvent.Completed || forgotten && event instanceof FileEvent.Failed;
        }
    }

    @Test
    void shouldSeeDeadlinesThatNobodyWatches() {
        Mischief unwatched = new Mischief() {
            @Override
            public boolean watchesDeadlines() {
                return false;
            }

            @Override
            public boolean overlooks(World world, FileEvent event) {
                return event instanceof FileEvent.Completed;
            }

            @Override
            public void appeared(World world, String path, Node node) {
                var late = new FileEvent.Deferred(
                        new FileId(node.origin().file()),
                        world.kernel().instant(),
                        Stage.DELIVERY,
                        Attempt.FIRST,
                        world.kernel().instant(),
                        new Failure(FailureKind.UNREACHABLE, "control"));
                world.kernel().after(5 * HOUR, () -> world.tell(late));
            }
        };
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, ONE), unwatched))
                .contains(Promise.EVERY_LIFE_ENDS, Promise.DEADLINES_FIRE);
    }

    @Test
    void shouldSeeTwoNamesBecomeOne() {
        List<Put> puts = List.of(new Put(0, 40, 0, 0, 100, 0), new Put(3, 40, 1, 60_000, 60_100, 0));
        assertThat(broken(plan(Profile.ATOMIC_DURABLE, puts), new Mischief() {
            @Override
            public void appeared(World world, String path, Node node) {
                if (path.endsWith("/A.csv") && !node.origin().partner()) {
                    var other = new Node(Node.Origin.PARTNER, 0);
                    world.kernel().after(50, () -> world.truth().appeared(path, other, node, "/in/a.csv"));
                }
            }
        })).contains(Promise.NAMES_STAY_APART);
    }

    private static Set<Promise> broken(Plan plan, Mischief mischief) {
        return Life.live(plan, TOPICS, PROMISES, false, mischief).violations().keySet();
    }

    private static Plan plan(Profile profile, List<Put> puts, Fault... faults) {
        return new Plan(1, settings(profile, ConflictPolicy.REPLACE), puts, List.of(faults), Map.of());
    }

    private static Settings settings(Profile profile, ConflictPolicy policy) {
        return new Settings(
                profile, true, policy, UnknownOutcome.HOLD, Proof.SIZE, Staging.Kind.DIRECTORY, false, 1, 1, 3,
                HOUR, HOUR, 12 * HOUR, Partner.NEVER_TAKES, 0, 1, Importer.NONE, false, false);
    }
}
