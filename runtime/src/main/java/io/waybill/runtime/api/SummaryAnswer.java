package io.waybill.runtime.api;

import java.util.Map;

/**
 * Counts of files.
 *
 * @param files         all
 * @param byStatus      every status, also those without a file
 * @param byRoute       by route, then by status; only the routes and statuses that have files
 * @param byDestination by destination, then by status; only the destinations and statuses that have files
 */
public record SummaryAnswer(
        long files,
        Map<String, Long> byStatus,
        Map<String, Map<String, Long>> byRoute,
        Map<String, Map<String, Long>> byDestination) {}
