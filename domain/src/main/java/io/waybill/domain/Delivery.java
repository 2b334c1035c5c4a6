package io.waybill.domain;

/**
 * The DELIVERY stage of a route.
 *
 * @param destination       where the files go
 * @param path              the name of each file there
 * @param onConflict        what to do when the name is taken
 * @param verify            the proof that the destination must give before the file gets its final name
 * @param createDirectories true to create missing directories, false to fail the attempt
 */
public record Delivery(
        DestinationName destination,
        PathTemplate path,
        ConflictPolicy onConflict,
        Proof verify,
        boolean createDirectories) {}
