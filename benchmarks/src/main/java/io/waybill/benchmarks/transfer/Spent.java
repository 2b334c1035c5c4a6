package io.waybill.benchmarks.transfer;

/**
 * What a contestant needed for a workload.
 *
 * @param seconds       from the word to go until it said that it is done
 * @param cpuSeconds    of its processes, the server's not among them
 * @param peakMebibytes the most memory that was resident, added up over its processes
 */
record Spent(double seconds, double cpuSeconds, double peakMebibytes) {
    Spent after(double startSeconds, double factor) {
        return new Spent(startSeconds + (seconds - startSeconds) * factor, cpuSeconds * factor, peakMebibytes);
    }
}
