package io.waybill.domain;

/**
 * The DELIVERY stage of a route.
 *
 * @param destination       where the files go
 * @param path              the name of each file there
 * @param onConflict        what to do when the name is taken
 * @param verify            the proof that the destination must give before the file gets its final name
 * @param createDirectories true to create missing directories, false to fail the attempt
 * @param names             which names a key may give
 */
public record Delivery(
        DestinationName destination,
        PathTemplate path,
        ConflictPolicy onConflict,
        Proof verify,
        boolean createDirectories,
        Names names) {
    /** Which names a key may give. */
    public enum Names {
        /** None that gives access to the server, runs there, or is a device. */
        SAFE,
        /** Every canonical path. */
        ANY
    }

    /** A delivery under safe names. */
    public Delivery(
            DestinationName destination,
            PathTemplate path,
            ConflictPolicy onConflict,
            Proof verify,
            boolean createDirectories) {
        this(destination, path, onConflict, verify, createDirectories, Names.SAFE);
    }
}
