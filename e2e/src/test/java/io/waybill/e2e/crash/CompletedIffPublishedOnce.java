package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: one rename to the final name, its content the file's, and COMPLETED. Legal: none, and FAILED.
 * Illegal: COMPLETED, and two renames to the final name. Illegal: one rename, and FAILED for another reason than doubt.
 */
final class CompletedIffPublishedOnce implements Checker {
    @Override
    public String promise() {
        return "a file is COMPLETED if and only if it was published exactly once, whole";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        int times = file.publishes().size();
        if (file.doubt().isPresent()) {
            return times <= 1 ? Stream.empty() : Stream.of("it is in doubt and was published " + times + " times");
        }
        if (!file.isCompleted()) {
            return times == 0 ? Stream.empty() : Stream.of("it is not COMPLETED and was published " + times + " times");
        }
        if (times != 1) {
            return Stream.of("it is COMPLETED and was published " + times + " times");
        }
        String content = file.contentOf(file.publishes().getFirst());
        return content.equals(file.sent().sha256()) ? Stream.empty() : Stream.of("it was published as " + content);
    }
}
