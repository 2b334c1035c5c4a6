package io.waybill.runtime.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Values that take precedence over the file: flags over environment variables.
 *
 * @param flags       full key to value, as given with {@code --set key=value}
 * @param environment all environment variables; those that begin with {@code WAYBILL_} name keys in upper case with
 *                    every character but letters and digits as {@code _}: {@code WAYBILL_DESTINATIONS_ACME_HOST}
 */
public record Overrides(Map<String, String> flags, Map<String, String> environment) {
    public static final Overrides NONE = new Overrides(Map.of(), Map.of());

    private static final String PREFIX = "WAYBILL_";
    private static final String VARIABLE = "environment variable ";

    /** Whether a value comes from the environment, where a secret may stand. */
    static boolean fromEnvironment(Node.Scalar value) {
        return value.place().startsWith(VARIABLE);
    }

    Optional<Node.Scalar> get(String key) {
        String flag = flags.get(key);
        if (flag != null) {
            return Optional.of(new Node.Scalar(flag, "--set " + key));
        }
        String variable = PREFIX + screaming(key);
        return Optional.ofNullable(environment.get(variable))
                .map(value -> new Node.Scalar(value, VARIABLE + variable));
    }

    /** Every override below a key whose children are free, such as {@code kafka}: child key to value. */
    Map<String, Node.Scalar> below(String key) {
        var found = new TreeMap<String, Node.Scalar>();
        String variables = PREFIX + screaming(key) + "_";
        environment.forEach((name, value) -> {
            if (name.startsWith(variables)) {
                String child = name.substring(variables.length()).toLowerCase(Locale.ROOT).replace('_', '.');
                found.put(child, new Node.Scalar(value, VARIABLE + name));
            }
        });
        flags.forEach((name, value) -> {
            if (name.startsWith(key + ".")) {
                found.put(name.substring(key.length() + 1), new Node.Scalar(value, "--set " + name));
            }
        });
        return found;
    }

    private static String screaming(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
