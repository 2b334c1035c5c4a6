package io.waybill.runtime.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the faults of a configuration, so that one run reports all of them. Not for several threads. */
public final class Problems {
    /** A set, because a value may be read twice. */
    private final Set<String> found = new LinkedHashSet<>();
    private final Set<ConfigWarning> warnings = new LinkedHashSet<>();

    /**
     * @param place where to mend it: "waybill.yaml:12:3", "environment variable X" or "--set"
     * @param key   the full key
     */
    void add(String place, String key, String fault) {
        found.add(place + ": " + key + ": " + fault);
    }

    /** Notes what is allowed and may not be intended. */
    void warn(ConfigWarning warning) {
        warnings.add(warning);
    }

    List<ConfigWarning> warnings() {
        return List.copyOf(warnings);
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new BadConfigurationException(List.copyOf(found));
        }
    }
}
