package io.waybill.e2e.crash;

/**
 * One thing to go wrong.
 *
 * @param id     unique within a run
 * @param point  the step and its side, such as "sftp.replace.before"
 * @param nth    at which passing of the point, from 1
 * @param action what is done there
 */
record Fault(int id, String point, int nth, FaultAction action) {
    /** As it is told to a worker. */
    String line() {
        return id + " " + point + " " + nth + " " + action;
    }

    /** Reads what {@link #line()} wrote. */
    static Fault parse(String line) {
        String[] parts = line.split(" ");
        return new Fault(
                Integer.parseInt(parts[0]), parts[1], Integer.parseInt(parts[2]), FaultAction.valueOf(parts[3]));
    }

    /** The cell of the matrix. */
    String cell() {
        return action + " at " + point;
    }
}
