package io.waybill.store.queue;

import io.waybill.domain.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * A queue of SQS. A message that was received is hidden from others for a while. It comes again unless it is deleted before.
 * One thread receives; any thread may close it.
 */
public final class MessageQueue implements AutoCloseable {
    /** The most that SQS gives or takes in one request. */
    public static final int BATCH = 10;

    private static final int CONNECTIONS = 2;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** The answer to a request that waits comes after the wait, and then some. */
    private static final Duration BEYOND_THE_WAIT = Duration.ofSeconds(10);

    private static final int FORBIDDEN = 403;

    private final QueueSettings settings;
    private final SdkHttpClient http;
    private final SqsClient client;
    private volatile boolean closed;

    /** Nothing is sent before the first call. */
    public MessageQueue(QueueSettings settings) {
        this.settings = settings;
        Duration silence = settings.waitTime().plus(BEYOND_THE_WAIT);
        http = Apache5HttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT)
                .socketTimeout(silence)
                .build();
        var builder = SqsClient.builder()
                .httpClient(http)
                .region(Region.of(settings.regionOfAddress()))
                .endpointOverride(settings.server())
                .overrideConfiguration(calls -> calls.apiCallTimeout(silence.multipliedBy(2)));
        settings.login().ifPresent(login -> builder.credentialsProvider(StaticCredentialsProvider.create(
                AwsBasicCredentials.create(login.accessKey().reveal(), login.secretKey().reveal()))));
        client = builder.build();
    }

    /** Waits for messages; returns {@value #BATCH} at most, or none. */
    public List<QueueMessage> receive() throws QueueException {
        return asked("sqs:ReceiveMessage", () -> client.receiveMessage(request -> request
                .queueUrl(settings.address().toString())
                .maxNumberOfMessages(BATCH)
                .waitTimeSeconds((int) settings.waitTime().toSeconds())
                .visibilityTimeout(hidden())))
                .messages()
                .stream()
                .map(message -> new QueueMessage(message.messageId(), message.receiptHandle(), message.body()))
                .toList();
    }

    /**
     * Hides messages again for the whole time, from now on.
     *
     * @param messages {@value #BATCH} at most
     */
    public void extend(Collection<QueueMessage> messages) throws QueueException {
        var entries = new ArrayList<ChangeMessageVisibilityBatchRequestEntry>();
        for (QueueMessage message : messages) {
            entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id(number(entries.size()))
                    .receiptHandle(message.receipt())
                    .visibilityTimeout(hidden())
                    .build());
        }
        requireNone("sqs:ChangeMessageVisibility",
                asked("sqs:ChangeMessageVisibility", () -> client.changeMessageVisibilityBatch(request -> request
                        .queueUrl(settings.address().toString())
                        .entries(entries)))
                        .failed());
    }

    /**
     * Deletes messages. One that cannot be deleted comes again.
     *
     * @param messages {@value #BATCH} at most
     */
    public void delete(Collection<QueueMessage> messages) throws QueueException {
        var entries = new ArrayList<DeleteMessageBatchRequestEntry>();
        for (QueueMessage message : messages) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id(number(entries.size()))
                    .receiptHandle(message.receipt())
                    .build());
        }
        requireNone("sqs:DeleteMessage", asked("sqs:DeleteMessage", () -> client.deleteMessageBatch(request -> request
                .queueUrl(settings.address().toString())
                .entries(entries)))
                .failed());
    }

    /** What the answer calls an entry of a batch. The ids of messages may come twice in one batch. */
    private static String number(int place) {
        return String.valueOf(place);
    }

    private int hidden() {
        return (int) settings.visibility().toSeconds();
    }

    private <T> T asked(String action, Supplier<T> question) throws QueueException {
        try {
            return question.get();
        } catch (SdkException e) {
            throw new QueueException(queue() + reason(action, e), e);
        } catch (IllegalStateException | RejectedExecutionException e) {
            // What the SDK says depends on how far a request is when its client is closed.
            if (!closed) {
                throw e;
            }
            throw new QueueException(queue() + " is no longer asked", e);
        }
    }

    private void requireNone(String action, List<BatchResultErrorEntry> failed) throws QueueException {
        if (!failed.isEmpty()) {
            var first = failed.getFirst();
            var cause = new IllegalStateException(first.code() + ": " + first.message());
            throw new QueueException(
                    queue() + " did not do " + action + " for " + failed.size() + " messages: " + first.code(), cause);
        }
    }

    private String queue() {
        return "the queue " + Texts.masked(settings.address().toString());
    }

    private static String reason(String action, SdkException e) {
        return switch (e) {
            case QueueDoesNotExistException _ -> " does not exist; correct 'queue', which is the URL of a queue";
            case SqsException refused when refused.statusCode() == FORBIDDEN ->
                " refuses " + action + " with status 403 (" + code(refused)
                        + "); allow sqs:ReceiveMessage, sqs:ChangeMessageVisibility and sqs:DeleteMessage";
            case SqsException refused ->
                " refuses " + action + " with status " + refused.statusCode() + " (" + code(refused) + ")";
            default -> " cannot be reached: " + e.getMessage();
        };
    }

    private static String code(SqsException refused) {
        return refused.awsErrorDetails() == null ? "" : String.valueOf(refused.awsErrorDetails().errorCode());
    }

    @Override
    public void close() {
        closed = true;
        client.close();
        http.close();
    }
}
