package io.waybill.domain;

import java.util.regex.Pattern;

/** The shape shared by names that operators choose: they become Kafka keys, metric tags and paths of the HTTP API. */
final class Names {
    // No '#': it separates destination and lane in a work key. No '/': names occur in URLs.
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Names() {}

    static String checked(String what, String value) {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("a " + what + " name is 1 to 63 letters, digits, '.', '_' or '-',"
                    + " starting with a letter or digit, but was: '" + value + "'");
        }
        return value;
    }
}
