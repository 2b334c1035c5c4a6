package io.waybill.domain;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One of a destination's connections, as a key of work. A lane has one owner in the whole cluster. So a destination's
 * number of lanes is its connection limit, and files for one path never race, because they share a lane.
 *
 * @param destination the lane's destination
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
     * The lane of a path at a server that regards some names as the same.
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
     * Reads a text that {@link #key()} wrote.
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
