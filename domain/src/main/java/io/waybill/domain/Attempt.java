package io.waybill.domain;

/**
 * One try of one sending. A redrive begins a new sending at attempt 1; a retry is the next attempt of the same sending.
 * Ordered by sending, then number.
 *
 * @param sending 1 or more
 * @param number  1 or more
 */
public record Attempt(int sending, int number) implements Comparable<Attempt> {
    public static final Attempt FIRST = new Attempt(1, 1);

    public Attempt {
        if (sending < 1 || number < 1) {
            throw new IllegalArgumentException(
                    "sending and attempt count from 1, but were: " + sending + " and " + number);
        }
    }

    public Attempt next() {
        return new Attempt(sending, number + 1);
    }

    /** The attempt that failed before this one. */
    Attempt previous() {
        return new Attempt(sending, number - 1);
    }

    public Attempt nextSending() {
        return new Attempt(sending + 1, 1);
    }

    /** The first attempt of the same sending, for the stage that follows. */
    public Attempt firstOfSending() {
        return new Attempt(sending, 1);
    }

    @Override
    public int compareTo(Attempt other) {
        int bySending = Integer.compare(sending, other.sending);
        return bySending != 0 ? bySending : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return sending + "." + number;
    }
}
