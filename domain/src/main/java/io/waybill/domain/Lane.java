package io.waybill.domain;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One of a destination's connections, as a key of work. A lane has one owner in the whole cluster, so a destination's
 * number of lanes is its connection limit, and files for one path, which share a lane, never race.
 *
 * @param destination whose lane
 * @param number      from 0
 */
public record Lane(DestinationName destination, int number) {
    public Lane {
        if (number < 0) {
            throw new IllegalArgumentException("lanes count from 0, but was: " + number);
        }
    }

    /**
     * The lane of a path.
     *
     * @param lanes how many the destination has, 1 or more
     */
    public static Lane of(DestinationName destination, RemotePath path, int lanes) {
        return of(destination, path, NameFolding.NONE, lanes);
    }

    /**
     * The lane of a path at a server that takes some names for one.
     *
     * @param lanes how many the destination has, 1 or more
     */
    public static Lane of(DestinationName destination, RemotePath path, NameFolding folding, int lanes) {
        if (lanes < 1) {
            throw new IllegalArgumentException("a destination has 1 lane or more, but the number was: " + lanes);
        }
        var crc = new CRC32C();
        crc.update(folding.fold(path).getBytes(StandardCharsets.UTF_8));
        return new Lane(destination, (int) (crc.getValue() % lanes));
    }

    /**
     * Reads what {@link #key()} wrote.
     *
     * @throws IllegalArgumentException with the text, if it is no lane
     */
    public static Lane parse(String key) {
        int separator = key.lastIndexOf('#');
        try {
            return new Lane(
                    new DestinationName(key.substring(0, Math.max(0, separator))),
                    Integer.parseInt(key.substring(separator + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a lane is DESTINATION#NUMBER, but was: '" + key + "'", e);
        }
    }

    /** The record key of this lane's work. */
    public String key() {
        return destination + "#" + number;
    }
}
