package io.waybill.domain;

import java.util.OptionalInt;

/**
 * The DELIVERY stage of a route.
 *
 * @param destination       where the files go
 * @param path              the name of each file there
 * @param onConflict        what to do when the name is taken
 * @param verify            the proof that the destination must give before the file gets its final name
 * @param createDirectories true to create missing directories, false to fail the attempt
 * @param attributes        what is set on files and directories beyond their bytes
 * @param names             which names a key may give
 */
public record Delivery(
        DestinationName destination,
        PathTemplate path,
        ConflictPolicy onConflict,
        Proof verify,
        boolean createDirectories,
        Attributes attributes,
        Names names) {
    /** Which names a key may give. */
    public enum Names {
        /** None that gives access to the server, runs there, or is a device. */
        SAFE,
        /** Every canonical path. */
        ANY
    }

    /** A delivery under safe names that sets no attributes. */
    public Delivery(
            DestinationName destination,
            PathTemplate path,
            ConflictPolicy onConflict,
            Proof verify,
            boolean createDirectories) {
        this(destination, path, onConflict, verify, createDirectories, Attributes.NONE, Names.SAFE);
    }

    /**
     * What a worker sets on what it makes at a destination. A server may refuse that; then it stays as the server made it.
     *
     * @param fileMode         permissions of a file, in POSIX bits from 0 to 0777; empty: as the server makes it
     * @param directoryMode    the same for directories that the worker makes on the way to a file
     * @param preserveModified whether a file gets the time at which the store says it was last modified
     */
    public record Attributes(OptionalInt fileMode, OptionalInt directoryMode, boolean preserveModified) {
        /** The most permissive mode. */
        public static final int MOST = 0777;

        /** Nothing is set. */
        public static final Attributes NONE = new Attributes(OptionalInt.empty(), OptionalInt.empty(), false);

        public Attributes {
            requireMode(fileMode);
            requireMode(directoryMode);
        }

        private static void requireMode(OptionalInt mode) {
            if (mode.isPresent() && (mode.getAsInt() < 0 || mode.getAsInt() > MOST)) {
                throw new IllegalArgumentException(
                        "a mode is 0 to 0777, but was: 0" + Integer.toOctalString(mode.getAsInt()));
            }
        }
    }
}
