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

    static Optional<Execution> of(String stagingName) {
        Matcher matcher = NAME.matcher(stagingName);
        return matcher.matches()
                ? Optional.of(new Execution(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        matcher.group(4) == null ? "" : matcher.group(4)))
                : Optional.empty();
    }

    /** Of the file that was renamed to its final name. */
    static Optional<Execution> published(Sighting publish) {
        return publish.movedFrom().flatMap(Execution::of);
    }

    /** Whose name was taken out of the way, never to be published. */
    boolean withdrawn() {
        return token.endsWith(WITHDRAWN);
    }
}
