package io.waybill.runtime.login;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path of this server with its query, which is the only place where a login may lead. A text that a browser could
 * take for an address of another server is none. Immutable.
 */
public final class OwnPath {
    public static final OwnPath HOME = new OwnPath("/");

    /** What RFC 3986 allows in a path and a query. Two slashes at the beginning would begin with a host. */
    private static final Pattern SHAPE = Pattern.compile("/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,2000}");
    /** They would lead in a circle, or out again. */
    private static final Pattern OF_LOGIN = Pattern.compile("/log(in|out)([/?].*)?");

    private final String text;

    private OwnPath(String text) {
        this.text = text;
    }

    /** The path that a request names, or {@link #HOME} if it names none to which a login may lead. */
    public static OwnPath of(@Nullable String text) {
        return text != null && SHAPE.matcher(text).matches() && !OF_LOGIN.matcher(text).matches()
                ? new OwnPath(text)
                : HOME;
    }

    /** As the value of a parameter. */
    public String encoded() {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnPath that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
