package io.waybill.domain;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A canonical absolute path at a destination. It begins with '/' and has at least one name. It has no empty, '.' or
 * '..' name, whether slashes or backslashes separate the names. It has no control character or lone surrogate. Two
 * paths to one file are equal, because the lane of a file, and so the order of its writers, is a hash of this text.
 */
public record RemotePath(String value) {
    /** Longest path that is sent, in characters; servers refuse longer ones in differing ways (PATH_MAX). */
    public static final int MAX_LENGTH = 4096;

    /** What sshd, shells and web servers read in a home or a directory. */
    private static final Set<String> GIVES_ACCESS = Set.of(
            ".ssh", "authorized_keys", "authorized_keys2", ".rhosts", ".shosts", ".k5login", ".netrc", ".forward",
            ".profile", ".bashrc", ".bash_profile", ".bash_login", ".zshrc", ".zprofile", ".zshenv", ".cshrc", ".login",
            ".htaccess", ".htpasswd");

    /** Whatever extension they have, and with the dots and spaces at the end that Windows drops. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *([.:].*)?");

    public RemotePath {
        String fault = fault(value);
        if (fault != null) {
            throw new IllegalArgumentException(
                    "not a canonical remote path: " + fault + ": '" + Texts.exact(value) + "'");
        }
    }

    private static @Nullable String fault(String path) {
        if (!path.startsWith("/")) {
            return "it does not begin with '/'";
        }
        if (path.length() > MAX_LENGTH) {
            return "it has " + path.length() + " characters, more than " + MAX_LENGTH;
        }
        // By hand: several paths are made for each file. A pattern and streams cost more than the rest of it.
        for (int i = 0; i < path.length(); i = path.offsetByCodePoints(i, 1)) {
            if (unsafe(path.codePointAt(i))) {
                return "it has a control character";
            }
        }
        int begin = 1;
        for (int end = 1; end <= path.length(); end++) {
            if (end == path.length() || separates(path.charAt(end))) {
                String name = path.substring(begin, end);
                if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                    return "it has the part '" + name + "'";
                }
                begin = end + 1;
            }
        }
        return null;
    }

    /** Servers on Windows treat a backslash as a slash. There, a ".." between backslashes would climb. */
    private static boolean separates(char c) {
        return c == '/' || c == '\\';
    }

    /** Control characters and lone surrogates. They would reach terminals and logs, or cannot be encoded at all. */
    static boolean unsafe(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /**
     * What is dangerous about one of the names after a directory; null if nothing is. The server or its users would
     * take such a file for something else than data.
     *
     * @param fixed the directory; the names up to it are the operator's
     */
    @Nullable
    String danger(String fixed) {
        for (String part : value.substring(value.startsWith(fixed) ? fixed.length() : 0).split("[/\\\\]")) {
            String name = part.toLowerCase(Locale.ROOT);
            if (GIVES_ACCESS.contains(name)) {
                return "'" + part + "' gives access to the server or runs there";
            }
            if (DEVICE.matcher(name).matches()) {
                return "'" + part + "' is a device on Windows";
            }
        }
        return null;
    }

    /** The last name of the path. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** The directory of the path, without a trailing slash; "/" for the root. */
    public String directory() {
        int slash = value.lastIndexOf('/');
        return slash == 0 ? "/" : value.substring(0, slash);
    }

    /** The path of another name in the same directory. */
    public RemotePath sibling(String name) {
        return new RemotePath(value.substring(0, value.lastIndexOf('/') + 1) + name);
    }

    @Override
    public String toString() {
        return value;
    }
}
