package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: FAILED, redriven, and one rename to the final name. Legal: one in each of two sendings.
 * Illegal: redriven once, and three renames. Illegal: never redriven, and two.
 */
final class OneDeliveryForAsking implements Checker {
    @Override
    public String promise() {
        return "a redrive or resend brings one delivery more at most";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        int times = file.publishes().size();
        return times <= 1 + file.redrives()
                ? Stream.empty()
                : Stream.of("it was sent again " + file.redrives() + " times and published " + times + " times");
    }
}
