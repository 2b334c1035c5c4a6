package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser in which somebody is logged in.
 *
 * @param cookie    the session
 * @param formToken what requests repeat that change something
 */
record Browser(String cookie, String formToken) {
    private static final Pattern FIELD = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    static Browser loggedIn(URI base, String token) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var login = HttpRequest.newBuilder(base.resolve("/login"));
            HttpResponse<String> page = client.send(login.build(), BodyHandlers.ofString());
            HttpResponse<String> in = client.send(
                    login.copy()
                            .header("Cookie", cookie(page))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("token=" + token + "&csrf=" + formToken(page)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(in.statusCode()).as(in.body()).isEqualTo(303);
            String cookie = cookie(in);
            HttpResponse<String> who =
                    client.send(login.copy().header("Cookie", cookie).build(), BodyHandlers.ofString());
            return new Browser(cookie, formToken(who));
        }
    }

    private static String cookie(HttpResponse<String> answer) {
        String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    private static String formToken(HttpResponse<String> page) {
        Matcher field = FIELD.matcher(page.body());
        assertThat(field.find()).as(page.body()).isTrue();
        return field.group(1);
    }

    /** Of a request that one of Waybill's pages makes it send. */
    Map<String, String> headers() {
        return Map.of("Cookie", cookie, "Waybill-Csrf", formToken);
    }

    /** Of a request that any page may make it send. */
    Map<String, String> forged() {
        return Map.of("Cookie", cookie);
    }
}
