package io.waybill.testkit.sqs;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/**
 * ElasticMQ, which speaks the protocol of SQS, in this JVM. The methods do what others than Waybill do with a queue, over the
 * older of SQS's two protocols. One thread.
 */
public final class SqsServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern BODY = Pattern.compile("<Body>([^<]*)</Body>");
    private static final Pattern COUNT =
            Pattern.compile("<Name>ApproximateNumberOfMessages(?:NotVisible)?</Name>\\s*<Value>(\\d+)</Value>");

    private final SQSRestServer server;
    private final String address;
    private final HttpClient http = HttpClient.newHttpClient();

    public SqsServer() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        address = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    }

    /** The URL of a queue, which exists or not. */
    public URI address(String queue) {
        return URI.create(address + "/000000000000/" + queue);
    }

    /** Makes a queue, and returns its URL. */
    public URI create(String queue) throws IOException, InterruptedException {
        ask(URI.create(address + "/"), Map.of("Action", "CreateQueue", "QueueName", queue));
        return address(queue);
    }

    public void send(URI queue, List<String> bodies) throws IOException, InterruptedException {
        for (String body : bodies) {
            ask(queue, Map.of("Action", "SendMessage", "MessageBody", body));
        }
    }

    /** What another reader would get now, of which it takes nothing away. */
    public List<String> visible(URI queue) throws IOException, InterruptedException {
        String answer = ask(queue, Map.of(
                "Action", "ReceiveMessage", "MaxNumberOfMessages", "10", "WaitTimeSeconds", "0", "VisibilityTimeout",
                "0"));
        return BODY.matcher(answer).results().map(found -> found.group(1)).toList();
    }

    /** How many messages the queue has, hidden ones among them. */
    public int size(URI queue) throws IOException, InterruptedException {
        String answer = ask(queue, Map.of(
                "Action", "GetQueueAttributes",
                "AttributeName.1", "ApproximateNumberOfMessages",
                "AttributeName.2", "ApproximateNumberOfMessagesNotVisible"));
        List<MatchResult> counts = COUNT.matcher(answer).results().toList();
        if (counts.size() != 2) {
            throw new AssertionError("expected two counts: " + answer);
        }
        return counts.stream().mapToInt(count -> Integer.parseInt(count.group(1))).sum();
    }

    private String ask(URI where, Map<String, String> form) throws IOException, InterruptedException {
        String body = new TreeMap<>(form).entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var answer = http.send(HttpRequest.newBuilder(where)
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(form.get("Action") + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.stopAndWait();
    }
}
