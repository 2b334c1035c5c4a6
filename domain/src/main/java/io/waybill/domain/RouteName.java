package io.waybill.domain;

/**
 * The name of a route in the configuration.
 *
 * @param value 1 to 63 letters, digits, '.', '_' or '-'
 */
public record RouteName(String value) implements Comparable<RouteName> {
    public RouteName {
        Names.checked("route", value);
    }

    @Override
    public int compareTo(RouteName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
