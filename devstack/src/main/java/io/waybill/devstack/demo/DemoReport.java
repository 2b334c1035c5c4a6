package io.waybill.devstack.demo;

import java.time.Duration;
import java.util.List;

/**
 * How a demo ended: files = delivered + unchanged + failed.
 *
 * @param delivered by this run
 * @param unchanged delivered by an earlier run, with the same content
 * @param bytes     of the files delivered by this run
 * @param time      from the first look into the store to the last final state
 * @param verified  whether every delivered and unchanged file was found at the destination, byte for byte
 * @param faults    what is wrong, a line each, for people
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
