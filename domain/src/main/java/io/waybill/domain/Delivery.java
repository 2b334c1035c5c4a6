package io.waybill.domain;

/**
 * The DELIVERY stage of a route.
 *
 * @param destination       where to
 * @param path              under which name
 * @param onConflict        what to do when the name is taken
 * @param verify            the proof to ask of the destination before the file gets its final name
 * @param createDirectories whether missing directories are made, or fail the attempt
 */
public record Delivery(
        DestinationName destination,
        PathTemplate path,
        ConflictPolicy onConflict,
        Proof verify,
        boolean createDirectories) {}
