package io.waybill.domain;

/**
 * The name of a destination in the configuration.
 *
 * @param value 1 to 63 letters, digits, '.', '_' or '-'
 */
public record DestinationName(String value) implements Comparable<DestinationName> {
    public DestinationName {
        Names.checked("destination", value);
    }

    @Override
    public int compareTo(DestinationName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
