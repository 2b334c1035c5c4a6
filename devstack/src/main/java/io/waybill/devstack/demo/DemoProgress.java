package io.waybill.devstack.demo;

/**
 * The progress of a demo at one moment.
 *
 * @param total    number of files, 0 before they are counted
 * @param stored   files that the store has
 * @param ended    files that have ended, in success or failure
 * @param verified files that were compared at the destination
 */
public record DemoProgress(long total, long totalBytes, long stored, long ended, long endedBytes, long verified) {}
