package io.waybill.runtime.access;

import java.util.regex.Pattern;

/**
 * Somebody whose requests are answered. Immutable.
 *
 * @param name unique; 1 to {@value #LONGEST_NAME} characters without {@code /}, which parts it from the name of an
 *             importer's instance. Empty for {@link #ANYBODY} only
 */
public record Principal(String name, Role role, Scope scope) {
    public static final int LONGEST_NAME = 100;

    /** The caller where there is no login: may do everything, and says its name itself. */
    public static final Principal ANYBODY = new Principal("", Role.ADMIN, Scope.ALL);

    /** A character that nobody sees would make two names look like one, or turn the text around them. */
    private static final Pattern NAME = Pattern.compile("[^\\p{C}\\p{Z}/]([^\\p{C}\\p{Zl}\\p{Zp}/]*[^\\p{C}\\p{Z}/])?");

    /** Whether a text can be the name of somebody who logged in. */
    public static boolean named(String text) {
        return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
    }

    /** Whether it is known who asks. */
    public boolean known() {
        return !name.isEmpty();
    }
}
