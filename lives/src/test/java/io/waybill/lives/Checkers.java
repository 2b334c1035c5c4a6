package io.waybill.lives;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.Status;
import io.waybill.domain.Timeouts;
import io.waybill.runtime.config.UnknownOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The checkers, one for each promise. */
final class Checkers {
    private Checkers() {}

    static List<Checker> all(Truth truth, World world) {
        return List.of(
                new NeverOlder(truth, world),
                new OnlyOurs(truth, world),
                new DeliveredStays(truth, world),
                new CompletedIsTrue(truth, world),
                new DoneFileMeansWhole(truth),
                new OncePerSending(truth),
                new OneMorePerRequest(truth),
                new Doubts(truth, world),
                new DeadlinesFire(truth, world),
                new EveryLifeEnds(truth, world),
                new NamesStayApart(truth, world),
                new GivenUpIsNotBegun(truth, world),
                new PausedIsNotBegun(truth, world),
                new OthersGoOn(truth, world),
                new ResendIsSent(truth),
                new ForgottenStays(truth, world),
                new ReadyOnce(truth),
                new LettersAgree(truth, world));
    }

    /** A target path never goes from a newer version of its key to an older one. */
    static final class NeverOlder implements Checker {
        private final Truth truth;
        private final World world;
        private final Map<String, Delivered> newest = new HashMap<>();

        NeverOlder(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        private record Delivered(Store.Version version, long at) {}

        @Override
        public void stood(String path, Truth.Known file) {
            String place = world.setting().destinationOf(path) + path + " " + file.version.key();
            Delivered before = newest.get(place);
            if (before != null && newer(before.version(), file.version) && remembered(before)) {
                truth.broken(Promise.NEVER_OLDER, path + " goes from " + truth.called(file.id).replaceAll("\\d+$", "")
                        + before.version().order() + " to the older version " + file.version.order());
                return;
            }
            if (before == null || !newer(before.version(), file.version)) {
                newest.put(place, new Delivered(file.version, world.kernel().now()));
            }
        }

        private boolean newer(Store.Version one, Store.Version other) {
            int byTime = one.modified().compareTo(other.modified());
            return byTime > 0
                    || byTime == 0 && one.order() > other.order()
                            && world.store().current(one.key()).order() == one.order();
        }

        /** What is older than the two time-outs is nobody's business any more. */
        private boolean remembered(Delivered before) {
            Plan.Settings settings = world.plan().settings();
            return world.kernel().now() - before.at() < settings.unclaimed() + settings.unfinished();
        }
    }

    /** Nothing is taken away or replaced that is not ours, but by the policy's own step. */
    static final class OnlyOurs implements Checker {
        private final Truth truth;
        private final World world;
        private final Map<String, Node> completed = new HashMap<>();

        OnlyOurs(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        @Override
        public void appeared(String path, Node node, Truth.Known file, Node before, String known) {
            // Where plain renames are forbidden, only a look keeps a name that a partner takes right then.
            boolean looks = world.plan().settings().profile() == Profile.RENAME_FORBIDDEN;
            if (before != null && !looks && world.plan().settings().policy() != ConflictPolicy.REPLACE
                    && (before.origin().partner() || !before.origin().file().equals(node.origin().file()))) {
                truth.broken(Promise.TAKEN_NAMES_ARE_KEPT, path + " was taken, and is replaced though onConflict is "
                        + world.plan().settings().policy());
            }
        }

        @Override
        public void moved(FileState before, FileEvent event, FileState after) {
            if (event instanceof FileEvent.Completed done && done.receipt() != null) {
                String path = done.receipt().path().value();
                Node there = world.server(path).look(path);
                // The next file may be written there by now.
                if (there != null && there.finished()
                        && Arrays.equals(there.bytes(), truth.of(event.id().value()).version.bytes())) {
                    completed.put(path, there);
                }
            }
        }

        @Override
        public void removed(String path, Node node) {
            // Who writes directly may take back what failed.
            boolean direct = world.plan().settings().profile().promised() == DestinationClass.DIRECT;
            if (!direct || node.origin().partner() || completed.get(path) == node) {
                truth.broken(Promise.ONLY_OURS, path + " is removed, and nothing can bring it back");
            }
        }

        @Override
        public void setAside(String path, Node node, String to) {
            if (world.plan().settings().profile().promised() != DestinationClass.NON_ATOMIC
                    || world.plan().settings().policy() != ConflictPolicy.REPLACE) {
                truth.broken(Promise.ONLY_OURS, path + " is set aside where no two steps are needed");
            }
        }
    }

    /** What was delivered stays until the partner takes it or something newer has its name. */
    static final class DeliveredStays implements Checker {
        private final Truth truth;
        private final World world;
        private final Map<String, String> gone = new TreeMap<>();

        DeliveredStays(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        @Override
        public void removed(String path, Node node) {
            gone.put(path, node.origin().file());
        }

        @Override
        public void setAside(String path, Node node, String to) {
            gone.put(path, node.origin().file());
        }

        @Override
        public void appeared(String path, Node node, Truth.Known file, Node before, String known) {
            gone.remove(path);
        }

        @Override
        public void stood(String path, Truth.Known file) {
            gone.remove(path);
        }

        @Override
        public void putBack(String path) {
            gone.remove(path);
        }

        @Override
        public void partnerActed(String path) {
            gone.remove(path);
        }

        @Override
        public void ended(boolean allTerminal) {
            gone.forEach((path, id) -> truth.broken(
                    Promise.DELIVERED_STAYS, path + " is gone, and we took it away; " + owner(id)));
        }

        private String owner(String id) {
            return truth.of(id) == null
                    ? "it was not ours"
                    : "it was " + truth.called(id) + ", which is " + world.state().of(id).status();
        }
    }

    /** COMPLETED only if those bytes stood under that name, all of them. */
    static final class CompletedIsTrue implements Checker {
        private final Truth truth;
        private final World world;

        CompletedIsTrue(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        @Override
        public void moved(FileState before, FileEvent event, FileState after) {
            if (!(event instanceof FileEvent.Completed completed) || completed.receipt() == null) {
                return;
            }
            if (completed.receipt().proof() == Proof.NONE
                    && world.plan().settings().unknown() == UnknownOutcome.ASSUME_DELIVERED) {
                return;
            }
            Truth.Known file = truth.of(event.id().value());
            if (!file.stood.contains(completed.receipt().path().value())) {
                truth.broken(Promise.COMPLETED_IS_TRUE, truth.called(file.id) + " is reported as delivered to "
                        + completed.receipt().path() + ", where its bytes never stood");
            }
        }
    }

    /** Where a done-file stands, the file beside it is whole. */
    static final class DoneFileMeansWhole implements Checker {
        private final Truth truth;

        DoneFileMeansWhole(Truth truth) {
            this.truth = truth;
        }

        @Override
        public void writtenBesideDoneFile(String path) {
            truth.broken(Promise.DONE_FILE_MEANS_WHOLE,
                    path + " is written anew, and the done-file of the file before says"
                            + " that it is whole");
        }
    }

    /** Each sending gets its final name at most once. */
    static final class OncePerSending implements Checker {
        private final Truth truth;
        private final Set<String> seen = new HashSet<>();

        OncePerSending(Truth truth) {
            this.truth = truth;
        }

        @Override
        public void appeared(String path, Node node, Truth.Known file, Node before, String known) {
            if (file != null && !seen.add(file.id + "-" + node.origin().sending())) {
                truth.broken(Promise.ONCE_PER_SENDING, truth.called(file.id) + " appears once more, of sending "
                        + node.origin().sending());
            }
        }
    }

    /** Who asks once gets at most one more delivery than there was. */
    static final class OneMorePerRequest implements Checker {
        private final Truth truth;
        private final Map<String, Integer> allowed = new HashMap<>();

        OneMorePerRequest(Truth truth) {
            this.truth = truth;
        }

        @Override
        public void moved(FileState before, FileEvent event, FileState after) {
            if (before != null && !after.equals(before) && event instanceof FileEvent.Request
                    && after.phase() instanceof Phase.Queued) {
                String id = event.id().value();
                int there = truth.of(id).published.size();
                allowed.merge(id, there + 1, Math::max);
            }
        }

        @Override
        public void appeared(String path, Node node, Truth.Known file, Node before, String known) {
            if (file != null && file.published.size() > allowed.getOrDefault(file.id, 1)) {
                truth.broken(Promise.ONE_MORE_PER_REQUEST, truth.called(file.id) + " was delivered "
                        + file.published.size() + " times");
            }
        }
    }

    /** A doubt is never lost, and nothing is sent while it is open. */
    static final class Doubts implements Checker {
        private final Truth truth;
        private final World world;
        private final Set<String> open = new LinkedHashSet<>();

        Doubts(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        @Override
        public void moved(FileState before, FileEvent event, FileState after) {
            String id = event.id().value();
            boolean doubted =
                    event instanceof FileEvent.Failed failed && failed.failure().kind() == FailureKind.IN_DOUBT;
            if (doubted && after != null && after.status() != Status.COMPLETED) {
                open.add(id);
            }
            boolean answered = event instanceof FileEvent.ResolveRequested || event instanceof FileEvent.Completed;
            if (answered && after != null && !after.equals(before)) {
                open.remove(id);
            }
        }

        @Override
        public void appeared(String path, Node node, Truth.Known file, Node before, String known) {
            // What the server does late was sent before there was a doubt.
            if (file != null && open.contains(file.id) && !truth.late()) {
                truth.broken(Promise.NOTHING_WHILE_IN_DOUBT, truth.called(file.id) + " is sent while it is in doubt");
            }
        }

        @Override
        public void ended(boolean allTerminal) {
            for (String id : open) {
                FileState file = world.state().of(id);
                if (!inDoubt(file)) {
                    truth.broken(Promise.DOUBT_IS_KEPT, "nobody hears that " + truth.called(id) + " is in doubt: it is "
                            + file.status());
                }
            }
        }

        private static boolean inDoubt(FileState file) {
            return file.phase() instanceof Phase.Failed(_, _, var failure) && failure.kind() == FailureKind.IN_DOUBT;
        }
    }

    /** An attempt is over within the time that may pass until it is taken up and until it is finished. */
    static final class DeadlinesFire implements Checker {
        private static final Duration SLACK = Duration.ofMinutes(10);

        private final Truth truth;
        private final World world;
        private final Map<String, Instant> since = new HashMap<>();

        DeadlinesFire(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        @Override
        public void moved(FileState before, FileEvent event, FileState after) {
            if (after == null) {
                return;
            }
            boolean sameAttempt = before != null
                    && before.phase().attempt().equals(after.phase().attempt())
                    && before.phase().stage() == after.phase().stage()
                    && before.phase() instanceof Phase.Open;
            String id = after.id().value();
            if (!sameAttempt) {
                since.put(id, after.since());
            } else if (after.phase() instanceof Phase.Open) {
                Instant latest = since.get(id).plus(allowed(after)).plus(SLACK).plus(world.state().monitorSlack())
                        .plus(world.plan().paused());
                if (world.kernel().instant().isAfter(latest)) {
                    truth.broken(Promise.DEADLINES_FIRE, truth.called(id) + " is " + after.status() + " since "
                            + since.get(id) + ", and no deadline fires");
                }
            }
        }

        private Duration allowed(FileState file) {
            Timeouts now = world.setting().timeouts(file.route());
            Plan.Settings settings = world.plan().settings();
            Duration drawn = Duration.ofMillis(settings.unclaimed() + settings.unfinished());
            // A route that is gone has the default.
            return now == null && drawn.compareTo(Timeouts.DEFAULT.sum()) < 0 ? Timeouts.DEFAULT.sum() : drawn;
        }
    }

    /** Every file ends, once faults stop and time passes. */
    static final class EveryLifeEnds implements Checker {
        private final Truth truth;
        private final World world;

        EveryLifeEnds(Truth truth, World world) {
            this.truth = truth;
            this.world = world;
        }

        @Override
        public void ended(boolean allTerminal) {
            if (!allTerminal) {
                truth.broken(Promise.EVERY_LIFE_ENDS, "the files are " + world.statuses() + ", and "
                        + world.unsettled() + " intents are not settled");
            }
        }
    }
}
