package io.waybill.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store whose only bucket, {@code outbound}, is in one region. A request that is signed for another one is answered as
 * S3 and its kin answer it. Objects are those that were put.
 */
final class RegionalStore implements AutoCloseable {
    static final String BUCKET = "outbound";
    static final String HOME = "eu-west-1";
    static final String ELSEWHERE = "us-east-1";

    /** Who signed, for which day and region. */
    private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/\\d+/([^/]+)/s3/aws4_request");

    private final HttpServer server;
    private final Answer wrongRegion;
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** What a request for the wrong region gets. */
    enum Answer {
        /** As S3 answers where it knows better. */
        MOVED_NAMED(301, "PermanentRedirect"),
        /** As S3 answers while the names of a new bucket spread. */
        TEMPORARY_NAMED(307, "TemporaryRedirect"),
        /** As S3 refuses a signature. */
        MALFORMED_NAMED(400, "AuthorizationHeaderMalformed"),
        /** Only the HEAD of the bucket says where that is. */
        MOVED_NAMED_BY_BUCKET(301, "PermanentRedirect"),
        /** Nothing says where. */
        MOVED(301, "PermanentRedirect"),
        TEMPORARY(307, "TemporaryRedirect"),
        MALFORMED(400, "AuthorizationHeaderMalformed"),
        /** Where is said in a header without text. */
        MOVED_BLANK(301, "PermanentRedirect"),
        /** Every region points to another one, also the one it points to. */
        LOOP(301, "PermanentRedirect");

        private final int status;
        private final String code;

        Answer(int status, String code) {
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        private Optional<String> region(String signed, boolean ofBucket) {
            return switch (this) {
                case MOVED_NAMED, TEMPORARY_NAMED, MALFORMED_NAMED -> Optional.of(HOME);
                case MOVED_NAMED_BY_BUCKET -> ofBucket ? Optional.of(HOME) : Optional.empty();
                case MOVED, TEMPORARY, MALFORMED -> Optional.empty();
                case MOVED_BLANK -> Optional.of("");
                case LOOP -> Optional.of(signed.equals(HOME) ? ELSEWHERE : HOME);
            };
        }
    }

    RegionalStore(Answer wrongRegion) throws IOException {
        this.wrongRegion = wrongRegion;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Of somebody who believes the bucket elsewhere. */
    S3Settings settings() {
        return settings(ELSEWHERE);
    }

    S3Settings settings(String region) {
        return new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                region,
                true,
                Optional.of(Secret.of("key")),
                Optional.of(Secret.of("secret")));
    }

    /** "METHOD region", of each request, in order. */
    List<String> requests() {
        return requests;
    }

    void put(String key, String content) {
        objects.put("/" + BUCKET + "/" + key, content.getBytes(StandardCharsets.US_ASCII));
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] content = content(exchange);
        String region = region(exchange);
        requests.add(exchange.getRequestMethod() + " " + region);
        String path = exchange.getRequestURI().getPath();
        boolean ofBucket = path.equals("/" + BUCKET);
        if (region.equals(HOME) && wrongRegion != Answer.LOOP) {
            // As MinIO does, which names its region in every answer.
            exchange.getResponseHeaders().set("x-amz-bucket-region", HOME);
            serve(exchange, path, content);
        } else {
            wrongRegion.region(region, ofBucket)
                    .ifPresent(home -> exchange.getResponseHeaders().set("x-amz-bucket-region", home));
            if (wrongRegion.status == 307) {
                // Where a client must not go unasked: what it sent is signed for here.
                exchange.getResponseHeaders().set("Location", "/elsewhere" + path);
            }
            send(exchange, wrongRegion.status,
                    "<Error><Code>" + wrongRegion.code + "</Code><Message>m</Message></Error>");
        }
    }

    /** Without the signatures that the SDK sends between the parts of a body; what is put here has one part. */
    private static byte[] content(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String length = exchange.getRequestHeaders().getFirst("x-amz-decoded-content-length");
        if (length == null) {
            return body;
        }
        int from = new String(body, StandardCharsets.ISO_8859_1).indexOf("\r\n") + 2;
        return Arrays.copyOfRange(body, from, from + Integer.parseInt(length));
    }

    private static String region(HttpExchange exchange) {
        String signature = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
        Matcher scope = SCOPE.matcher(signature);
        return scope.find() ? scope.group(1) : "unsigned";
    }

    private void serve(HttpExchange exchange, String path, byte[] content) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                if (!path.equals("/" + BUCKET)) {
                    objects.put(path, content);
                }
                exchange.getResponseHeaders().set("ETag", "\"abc\"");
                send(exchange, 200, "");
            }
            case "GET", "HEAD" -> {
                if (path.equals("/" + BUCKET)) {
                    send(exchange, 200, listing());
                } else if (objects.containsKey(path)) {
                    exchange.getResponseHeaders().set("ETag", "\"abc\"");
                    exchange.getResponseHeaders().set("Last-Modified", "Mon, 02 Mar 2026 08:15:30 GMT");
                    send(exchange, 200, new String(objects.get(path), StandardCharsets.US_ASCII));
                } else {
                    send(exchange, 404, exchange.getRequestMethod().equals("GET")
                            ? "<Error><Code>NoSuchKey</Code><Message>m</Message></Error>"
                            : "");
                }
            }
            default -> send(exchange, 501, "");
        }
    }

    private String listing() {
        var xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        new TreeMap<>(objects).forEach((path, content) -> xml.append("<Contents><Key>")
                .append(path.substring(BUCKET.length() + 2))
                .append("</Key><ETag>\"abc\"</ETag><Size>")
                .append(content.length)
                .append("</Size><LastModified>2026-03-02T08:15:30.000Z</LastModified></Contents>"));
        return xml.append("</ListBucketResult>").toString();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
        }
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            if (!head) {
                out.write(bytes);
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
