package io.waybill.lives;

import io.waybill.domain.Control;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.BadConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What really happened, seen from above: told to the checkers, and the promises that they find broken. */
final class Truth {
    private final World world;
    private final Promises promises;
    private final List<Checker> checkers;
    private final Map<String, Known> files = new LinkedHashMap<>();
    private final Map<Promise, String> violations = new EnumMap<>(Promise.class);
    /** Files that were set aside, and where they were; by identity. */
    private final Map<Node, String> aside = new HashMap<>();
    private boolean alone = true;
    private boolean steady = true;
    private boolean late;

    Truth(World world, Promises promises) {
        this.world = world;
        this.promises = promises;
        this.checkers = Checkers.all(this, world);
    }

    /** A file, and what became of it at the destination. */
    static final class Known {
        final String id;
        final Store.Version version;
        /** The sendings whose files got a final name, one entry for each time. */
        final List<Integer> published = new ArrayList<>();
        /** The final names under which its bytes stood whole. */
        final List<String> stood = new ArrayList<>();

        Known(String id, Store.Version version) {
            this.id = id;
            this.version = version;
        }
    }

    void arrives(String id, Store.Version version) {
        files.putIfAbsent(id, new Known(id, version));
    }

    Known of(String id) {
        return files.get(id);
    }

    String called(String id) {
        Known known = files.get(id);
        return known == null ? id : known.version.key() + " version " + known.version.order();
    }

    /** Somebody of the past goes on, or the server did something late. */
    void zombie() {
        alone = false;
    }

    /** The server does what it was asked to do some time ago. */
    void late(Runnable act) {
        late = true;
        act.run();
        late = false;
    }

    /** Whether what happens now was asked for some time ago. */
    boolean late() {
        return late;
    }

    /** The server lost what it had acknowledged. */
    void serverCrashed() {
        steady = false;
    }

    void broken(Promise promise, String how) {
        if (promises.given(promise, world.plan().settings(), alone, steady) && !violations.containsKey(promise)) {
            violations.put(promise, how);
            world.story().tell("VIOLATION", promise.id() + ": " + how);
        }
    }

    Map<Promise, String> violations() {
        return violations;
    }

    void appeared(String path, Node node, Node before, String known) {
        if (path.equals(aside.remove(node))) {
            // It is back where it was, and so not published once more.
            checkers.forEach(checker -> checker.putBack(path));
            return;
        }
        Known file = files.get(node.origin().file());
        if (file != null) {
            file.published.add(node.origin().sending());
        }
        checkers.forEach(checker -> checker.appeared(path, node, file, before, known));
        if (file != null && Arrays.equals(file.version.bytes(), node.bytes())) {
            stood(path, file);
        }
        world.mischief().appeared(world, path, node);
    }

    private void stood(String path, Known file) {
        world.partner().sees(path);
        file.stood.add(path);
        checkers.forEach(checker -> checker.stood(path, file));
    }

    /** A file was written under its final name. */
    void written(String path, Node node) {
        for (Known file : files.values()) {
            if (targets(file, path) && Arrays.equals(file.version.bytes(), node.bytes())) {
                stood(path, file);
            }
        }
    }

    private boolean targets(Known file, String path) {
        FileState state = world.state().of(file.id);
        return state != null && state.target() != null && sameName(state.target().path(), path);
    }

    private static boolean sameName(RemotePath target, String path) {
        return target.value().equals(path) || path.startsWith(target.directory() + "/") && path.length() > 30;
    }

    void overwritten(String path, Node before) {
        checkers.forEach(checker -> checker.appeared(path, before, null, before, path));
    }

    void writtenBesideDoneFile(String path) {
        checkers.forEach(checker -> checker.writtenBesideDoneFile(path));
    }

    void removed(String path, Node node) {
        checkers.forEach(checker -> checker.removed(path, node));
    }

    void setAside(String path, Node node, String to) {
        aside.put(node, path);
        checkers.forEach(checker -> checker.setAside(path, node, to));
    }

    void partnerActed(String path) {
        checkers.forEach(checker -> checker.partnerActed(path));
    }

    void givenUp(Control control) {
        checkers.forEach(checker -> checker.givenUp(control));
    }

    void suspended(Suspension before, Suspension after) {
        checkers.forEach(checker -> checker.suspended(before, after));
    }

    void opened(Worker worker, Node node) {
        checkers.forEach(checker -> checker.opened(worker, node));
    }

    void announced(FileState file) {
        checkers.forEach(checker -> checker.announced(file));
    }

    void deadlineSaid(FileEvent.DeadlineReached reached) {
        checkers.forEach(checker -> checker.deadlineSaid(reached));
    }

    void letter(FileState file) {
        checkers.forEach(checker -> checker.letter(file));
    }

    void dispatched(FileState file) {
        checkers.forEach(checker -> checker.dispatched(file));
    }

    void moved(FileState before, FileEvent event, FileState after) {
        checkers.forEach(checker -> checker.moved(before, event, after));
    }

    void held(String reason) {
        broken(Promise.EVERY_LIFE_ENDS, "a partition is on hold: " + reason);
    }

    void stopped(Worker worker, Throwable problem) {
        if (String.valueOf(problem.getMessage()).contains("reports was aborted")) {
            // Its ledger was offline for an hour; whoever runs it starts it again.
            return;
        }
        if (problem instanceof BadConfigurationException && world.faults().happened(Fault.Kind.DUPLICATE_ID)) {
            world.seen("stopped because of another with its id");
            return;
        }
        broken(Promise.EVERY_LIFE_ENDS, "worker " + worker.name() + " stopped by itself: " + problem);
    }

    void ended(boolean allTerminal) {
        checkers.forEach(checker -> checker.ended(allTerminal));
    }
}
