package io.waybill.devstack.demo;

import java.time.Duration;
import java.util.List;

/**
 * The result of a demo: files = delivered + unchanged + failed.
 *
 * @param delivered files that this run delivered
 * @param unchanged files that an earlier run delivered with the same content
 * @param bytes     of the files that this run delivered
 * @param time      from the first look into the store to the last final state
 * @param verified  whether the demo found every delivered and unchanged file at the destination, byte for byte
 * @param faults    the faults, one line each, for people
 */
public record DemoReport(
        long files,
        long delivered,
        long unchanged,
        long failed,
        long bytes,
        Duration time,
        boolean verified,
        List<String> faults) {
    public boolean good() {
        return failed == 0 && verified;
    }
}
