package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: one rename to the final name, its content the file's, and COMPLETED. Legal: none, and FAILED, for whatever reason.
 * Illegal: COMPLETED, and two renames to the final name, though nobody asked for the second. Illegal: one rename, and FAILED
 * for another reason than doubt, though nobody had it resent.
 */
final class CompletedIffPublishedOnce implements Checker {
    @Override
    public String promise() {
        return "a file is COMPLETED if and only if it was published exactly once, whole";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        int times = file.publishes().size();
        // That a redrive asked for no more than what followed is for another checker.
        int most = 1 + file.redrives();
        if (file.doubt().isPresent()) {
            return times <= most
                    ? Stream.empty()
                    : Stream.of("it is in doubt and was published " + times + " times");
        }
        if (!file.isCompleted()) {
            boolean before = file.resends() > 0 && times > 0 && times <= most;
            return times == 0 || before ? Stream.empty()
                    : Stream.of("it is not COMPLETED and was published " + times + " times");
        }
        if (times == 0 || times > most) {
            return Stream.of("it is COMPLETED and was published " + times + " times");
        }
        return file.publishes().stream()
                .filter(publish -> !file.showedItself(publish))
                .map(publish -> "it was published as " + file.contentOf(publish));
    }
}
