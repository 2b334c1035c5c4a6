package io.waybill.lives;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file at the destination: it keeps its identity when it is renamed. */
final class Node {
    private static final Pattern STAGED = Pattern.compile("([a-z2-7]{26})-(\\d+)\\.(\\d+)\\.p\\d");

    private final Origin origin;
    private byte[] bytes = new byte[0];
    private int synced;
    private long modified;
    private boolean finished;

    Node(Origin origin, long modified) {
        this.origin = origin;
        this.modified = modified;
    }

    /**
     * Whose it is.
     *
     * @param file    the id of the file it was staged for; empty where that is not known
     * @param sending of it; 0 where that is not known
     * @param partner whether it was never ours
     */
    record Origin(String file, int sending, boolean partner) {
        static final Origin PARTNER = new Origin("", 0, true);
        static final Origin DIRECT = new Origin("", 0, false);

        static Origin of(String path) {
            Matcher staged = STAGED.matcher(path);
            return staged.find() ? new Origin(staged.group(1), Integer.parseInt(staged.group(2)), false) : DIRECT;
        }
    }

    Origin origin() {
        return origin;
    }

    byte[] bytes() {
        return bytes;
    }

    long modified() {
        return modified;
    }

    void write(long offset, byte[] data, long now) {
        int end = Math.toIntExact(offset) + data.length;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, end);
        }
        System.arraycopy(data, 0, bytes, (int) offset, data.length);
        modified = now;
    }

    /** Cuts, or fills up with zeros, as POSIX has it. */
    void truncate(long size, long now) {
        bytes = Arrays.copyOf(bytes, Math.toIntExact(size));
        synced = Math.min(synced, bytes.length);
        modified = now;
    }

    /** All of it was written and acknowledged. */
    void finish() {
        finished = true;
    }

    boolean finished() {
        return finished;
    }

    void sync() {
        synced = bytes.length;
    }

    /** What is not on disk is gone. */
    void loseUnsynced() {
        bytes = Arrays.copyOf(bytes, synced);
    }
}
