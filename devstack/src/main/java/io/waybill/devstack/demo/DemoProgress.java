package io.waybill.devstack.demo;

/**
 * One moment of a demo.
 *
 * @param total    files, 0 before they are counted
 * @param stored   files that the store has
 * @param ended    files that have reached their end, good or bad
 * @param verified files compared at the destination
 */
public record DemoProgress(long total, long totalBytes, long stored, long ended, long endedBytes, long verified) {}
