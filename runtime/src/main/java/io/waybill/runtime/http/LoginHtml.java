package io.waybill.runtime.http;

import io.waybill.runtime.access.Principal;
import io.waybill.runtime.login.OwnPath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What the pages of the login look like. They have no script, and load nothing. */
final class LoginHtml {
    private static final String STYLE = """
            body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:10vh auto;padding:0 1rem;\
            color:#1b1f24;background:#fff}
            label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
            input,button{padding:.5rem;margin:.25rem 0 1rem;border:1px solid #59636e;border-radius:.25rem}
            button{background:#0b5394;color:#fff;border-color:#0b5394;cursor:pointer}
            a{color:#0b5394}
            .fault{border-left:.25rem solid #b3261e;padding-left:.75rem}
            @media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#16191d}\
            input{background:#16191d;color:inherit}a{color:#8ab4f8}}
            """;

    /** The style is allowed by its digest, and nothing else is. */
    static final String POLICY = "default-src 'none'; style-src 'sha256-" + digest(STYLE)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private LoginHtml() {}

    private static String digest(String text) {
        try {
            return Base64.getEncoder().encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The form of the login.
     *
     * @param formToken what the form repeats
     * @param issuer    whether people may log in at the issuer
     * @param fault     why the last try failed; empty if there was none
     */
    static String form(OwnPath to, String formToken, boolean issuer, String fault) {
        String link = issuer
                ? "<p><a href=\"/login/oidc?to=" + to.encoded() + "\">Log in with single sign-on</a></p>\n"
                : "";
        return page("Log in", "", fault(fault) + link + """
                <form method="post" action="/login">
                <input type="hidden" name="csrf" value="%s">
                <input type="hidden" name="to" value="%s">
                <label for="token">Token</label>
                <input type="password" id="token" name="token" autocomplete="current-password" required autofocus>
                <button>Log in</button>
                </form>
                """.formatted(escaped(formToken), escaped(to.toString())));
    }

    /** Who is logged in. */
    static String whoIs(Principal principal, String formToken, boolean issuer) {
        String note = issuer
                ? "<p>Logging out here does not log you out at single sign-on, which may log you in again.</p>\n"
                : "";
        return page("Logged in", "", """
                <p>You are logged in as <strong>%s</strong> (%s).</p>
                <p><a href="/">Continue</a></p>
                <form method="post" action="/logout">
                <input type="hidden" name="csrf" value="%s">
                <button>Log out</button>
                </form>
                """.formatted(escaped(principal.name()), principal.role(), escaped(formToken)) + note);
    }

    /**
     * A page that leads on by itself.
     *
     * @param path on this server
     */
    static String leadingTo(String path) {
        String address = escaped(path);
        return page(
                "One moment",
                "<meta http-equiv=\"refresh\" content=\"0; url=" + address + "\">\n",
                "<p><a href=\"" + address + "\">Continue</a></p>\n");
    }

    /** A login that failed, and where to begin another. */
    static String failed(String why) {
        return page("The login failed", "", fault(why) + "<p><a href=\"/login\">Log in</a></p>\n");
    }

    private static String fault(String why) {
        return why.isEmpty() ? "" : "<p class=\"fault\" role=\"alert\">" + escaped(why) + "</p>\n";
    }

    private static String page(String title, String head, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s - Waybill</title>
                %s<style>%s</style>
                </head>
                <body>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(title, head, STYLE, title, body);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
