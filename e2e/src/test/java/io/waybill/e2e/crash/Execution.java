package io.waybill.e2e.crash;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One doing of one attempt, as its staging name tells: {@code <file id>-<sending>.<attempt>}, and a token that makes it
 * unique.
 */
record Execution(String fileId, int sending, int attempt, String token) {
    private static final Pattern NAME = Pattern.compile("([a-z2-7]{26})-(\\d+)\\.(\\d+)(?:\\.(.*))?");
    private static final String WITHDRAWN = "withdrawn";
    private static final Pattern ASIDE = Pattern.compile("([a-z2-7]{26})-\\d+\\.\\d+.*\\.aside");

    static Optional<Execution> of(String stagingName) {
        Matcher matcher = NAME.matcher(stagingName);
        return matcher.matches() && !isAside(stagingName)
                ? Optional.of(new Execution(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        matcher.group(4) == null ? "" : matcher.group(4)))
                : Optional.empty();
    }

    /** The file whose staging name, or what was derived from it, this is. */
    static Optional<String> fileId(String name) {
        Matcher aside = ASIDE.matcher(name);
        return aside.matches() ? Optional.of(aside.group(1)) : of(name).map(Execution::fileId);
    }

    /** Of the file that was renamed to its final name. */
    static Optional<Execution> published(DirectoryEvent publish) {
        return publish.movedFrom().filter(from -> !isAside(from)).flatMap(Execution::of);
    }

    /** Whether a name is that of an older file that was set aside for a newer one. */
    static boolean isAside(String name) {
        return ASIDE.matcher(name).matches();
    }

    /** Whose name was taken out of the way, never to be published. */
    boolean withdrawn() {
        return token.endsWith(WITHDRAWN);
    }
}
