package io.waybill.ingest.sqs;

import io.waybill.runtime.config.Secret;
import io.waybill.store.queue.QueueSettings.Login;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** ElasticMQ, which speaks the protocol of SQS, in this JVM, and a client of those who put messages in. */
final class SqsServer implements AutoCloseable {
    static final Login LOGIN = new Login(Secret.of("waybill"), Secret.of("waybill-secret"));

    private static final int BATCH = 10;

    private final SQSRestServer server;
    private final String address;
    private final SqsClient client;

    SqsServer() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        address = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
        client = SqsClient.builder()
                .endpointOverride(URI.create(address))
                .region(Region.of("eu-central-1"))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("waybill", "waybill-secret")))
                .httpClient(Apache5HttpClient.create())
                .build();
    }

    /** The URL of a queue, which exists or not. */
    URI address(String queue) {
        return URI.create(address + "/000000000000/" + queue);
    }

    URI create(String queue) {
        client.createQueue(request -> request.queueName(queue));
        return address(queue);
    }

    void delete(URI queue) {
        client.deleteQueue(request -> request.queueUrl(queue.toString()));
    }

    void send(URI queue, List<String> bodies) {
        for (int from = 0; from < bodies.size(); from += BATCH) {
            List<String> some = bodies.subList(from, Math.min(from + BATCH, bodies.size()));
            client.sendMessageBatch(request -> request
                    .queueUrl(queue.toString())
                    .entries(IntStream.range(0, some.size())
                            .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                    .id(String.valueOf(i))
                                    .messageBody(some.get(i))
                                    .build())
                            .toList()));
        }
    }

    /** What another reader would get now. */
    List<String> visible(URI queue) {
        return client.receiveMessage(request -> request
                .queueUrl(queue.toString())
                .maxNumberOfMessages(BATCH)
                .waitTimeSeconds(0)
                .visibilityTimeout(0))
                .messages()
                .stream()
                .map(message -> message.body())
                .toList();
    }

    /** How many messages the queue has, hidden ones among them. */
    int size(URI queue) {
        var names = List.of(
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
        Map<QueueAttributeName, String> counts =
                client.getQueueAttributes(request -> request.queueUrl(queue.toString()).attributeNames(names)).attributes();
        return counts.values().stream().mapToInt(Integer::parseInt).sum();
    }


    @Override
    public void close() {
        client.close();
        server.stopAndWait();
    }
}
