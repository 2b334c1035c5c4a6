package io.waybill.runtime.http;

import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says which requests may come from the page of another site. A browser sends the name of the site in {@code Host},
 * even if that name was made to point to this machine (DNS rebinding), and the site of the page in {@code Origin}. So a
 * request is refused if {@code Host} is a name that the operator does not know, or {@code Origin} is another site. An
 * address is no name: nobody can make it point elsewhere.
 */
final class AllowedHosts {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern ADDRESS =
            Pattern.compile(BYTE + "(\\." + BYTE + "){3}|\\[[0-9A-Fa-f:.]+(%25[0-9A-Za-z._~-]+)?]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    /** The names that the operator gave. A proxy in front may show pages under them. */
    private final Set<String> given;
    /** The name of this machine for itself, and where the endpoint listens. */
    private final Set<String> own;

    AllowedHosts(HttpSettings settings) {
        given = Stream.concat(settings.advertised().stream(), settings.hosts().stream())
                .map(AllowedHosts::name)
                .collect(Collectors.toUnmodifiableSet());
        own = Stream.of("localhost", settings.host())
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Why a request is refused, for its sender; empty if it is not.
     *
     * @param host   the header Host; null if there is none
     * @param origin the header Origin; null if there is none
     */
    Optional<String> refusal(@Nullable String host, @Nullable String origin) {
        if (host == null || host.isEmpty()) {
            return Optional.of("the request has no Host");
        }
        String name = name(host);
        if (!given.contains(name) && !own.contains(name) && !ADDRESS.matcher(name).matches()) {
            return Optional.of("'" + name + "' is none of this server's names. Use an address, or add the name to"
                    + " http.hosts of the configuration");
        }
        if (origin == null || sameSite(host, origin)) {
            return Optional.empty();
        }
        return Optional.of("the request comes from a page of another site: Origin is '" + origin + "'");
    }

    /** A proxy may speak another scheme, and send a Host of its own. Then the operator has given its name. */
    private boolean sameSite(String host, String origin) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String authority = origin.substring(scheme + "://".length());
        return authority.equalsIgnoreCase(host) || given.contains(name(authority));
    }

    /** Without the port, in lower case. */
    private static String name(String authority) {
        return PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
    }
}
