package io.waybill.runtime.http;

import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where people reach the pages of the endpoint. Immutable.
 *
 * @param secure whether they are reached over TLS, if need be through a proxy; else on this machine alone
 * @param own    whether the endpoint itself speaks TLS, on this machine alone
 * @param given  the names that the operator gave, those for people first; {@code advertised} may have a port
 */
record PublicAddress(boolean secure, boolean own, List<String> given) {
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    static PublicAddress of(HttpSettings settings) {
        List<String> given =
                Stream.concat(settings.hosts().stream(), settings.advertised().stream()).toList();
        // Depends on no request: whoever sends one must not switch Secure off.
        boolean here = settings.loopback() && given.stream().allMatch(PublicAddress::loopback);
        boolean tls = settings.tls().server().isPresent();
        return new PublicAddress(!here || tls, here && tls, given);
    }

    private static String name(String authority) {
        return PORT.matcher(authority).replaceFirst("");
    }

    private static boolean loopback(String authority) {
        return HttpSettings.loopback(name(authority));
    }

    /**
     * The address of the first page for somebody who sent a request. The header chooses among the names that are given, and
     * adds none.
     *
     * @param host the header Host, which {@link AllowedHosts} let through
     * @return empty if no name is given, and others reach the endpoint
     */
    Optional<URI> base(String host) {
        if (own && loopback(host)) {
            return Optional.of(URI.create("https://" + host));
        }
        if (!secure) {
            return loopback(host) ? Optional.of(URI.create("http://" + host)) : Optional.empty();
        }
        return given.stream()
                .filter(name -> name(name).equalsIgnoreCase(name(host)))
                .findFirst()
                .map(_ -> host)
                .or(() -> given.stream().findFirst())
                .map(authority -> URI.create("https://" + authority));
    }
}
