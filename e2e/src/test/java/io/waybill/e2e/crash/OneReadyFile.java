package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: COMPLETED, and one record in ready-files. Legal: FAILED, and none.
 * Legal: resent with an announcement, and two. Legal: resent and FAILED, and one.
 * Illegal: COMPLETED, and two. Illegal: FAILED, and one. Illegal: resent without an announcement, and two.
 */
final class OneReadyFile implements Checker {
    @Override
    public String promise() {
        return "ready-files has exactly one record for each delivered version, and one more for each announced resend";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        int expected = file.isCompleted() || file.resends() > 0 ? 1 : 0;
        long most = expected + file.announcements();
        int found = file.ready().size();
        return found >= expected && found <= most
                ? Stream.empty()
                : Stream.of("it has " + found + " records in ready-files, and should have " + expected
                        + (most > expected ? " to " + most : ""));
    }
}
