package io.waybill.runtime.api;

import java.util.List;

/**
 * What answers at an address.
 *
 * @param product  always Waybill
 * @param version  of the product
 * @param commit   from which it was built; "unknown" if the build did not say
 * @param services of this process
 * @param paths    to begin with
 */
public record WelcomeAnswer(
        String product, String version, String commit, List<String> services, List<String> paths) {
    public WelcomeAnswer {
        services = List.copyOf(services);
        paths = List.copyOf(paths);
    }
}
