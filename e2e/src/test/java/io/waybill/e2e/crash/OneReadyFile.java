package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: COMPLETED, and one record in ready-files. Legal: FAILED, and none.
 * Illegal: COMPLETED, and two. Illegal: FAILED, and one.
 */
final class OneReadyFile implements Checker {
    @Override
    public String promise() {
        return "ready-files has exactly one record for each delivered version";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        int expected = file.isCompleted() ? 1 : 0;
        int found = file.ready().size();
        return found == expected
                ? Stream.empty()
                : Stream.of("it has " + found + " records in ready-files, and should have " + expected);
    }
}
