package io.waybill.e2e.cluster;

/** What a long test measured, on its output. */
final class Figures {
    private Figures() {}

    static void print(String line) {
        System.out.println("cluster: " + line); // allow console: figures of a run
    }
}
