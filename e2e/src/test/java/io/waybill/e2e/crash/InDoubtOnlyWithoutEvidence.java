package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: renamed to the final name, taken away by the partner, IN_DOUBT.
 * Illegal: renamed to the final name, lying there, IN_DOUBT.
 */
final class InDoubtOnlyWithoutEvidence implements Checker {
    @Override
    public String promise() {
        return "a file is IN_DOUBT only where there is no evidence";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        if (file.resends() > 0) {
            // What lies there may be what was delivered before.
            return Stream.empty();
        }
        return file.doubt().filter(_ -> file.lying().filter(file.sent().sha256()::equals).isPresent()).stream()
                .map(reason -> "it lies there and is in doubt: " + reason);
    }
}
