package io.waybill.runtime.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.Texts;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topic;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a dead letter of a record that cannot be read, and continues. Kafka Streams writes the letter in the
 * transaction that also commits the position after the record. So there is one letter for each such record, whatever
 * fails.
 *
 * <p>A record that cannot be read <em>now</em>, because the schema registry does not answer, is no poison: the thread
 * fails and its successor tries again.
 */
public final class PoisonHandler implements DeserializationExceptionHandler {
    /**
     * The setting that holds the {@link Destination}; an object, because Kafka Streams makes handlers by their class.
     */
    static final String DESTINATION = "waybill.poison.destination";

    private static final Logger LOG = LoggerFactory.getLogger(PoisonHandler.class);
    /** Characters of a message that are logged. The text may come from the record. */
    private static final int LONGEST_LOGGED = 1_000;

    private @Nullable Destination destination;

    /**
     * Where the letters go.
     *
     * @param service the service that could not read the record
     */
    public record Destination(
            String service, Topic<byte[], DeadLetter> topic, MeterRegistry meters, InstantSource clock) {}

    @Override
    public void configure(Map<String, ?> settings) {
        destination = (Destination) settings.get(DESTINATION);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (destination == null) {
            throw new IllegalStateException("configure() comes before handleError(), and " + DESTINATION + " is set");
        }
        if (!PoisonLetter.blames(exception)) {
            return Response.fail();
        }
        LOG.atWarn()
                .addKeyValue("service", destination.service())
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("failure", Texts.cut(String.valueOf(exception.getMessage()), LONGEST_LOGGED))
                .log("A record cannot be read and becomes a dead letter");
        destination.meters()
                .counter("waybill.records.unreadable", "service", destination.service(), "topic", record.topic())
                .increment();
        var letter = PoisonLetter.of(destination.clock().instant(), record, reason(exception));
        return Response.resume(List.of(destination.topic().record(letter.key(), letter)));
    }

    private static String reason(Exception exception) {
        Throwable cause = exception.getCause();
        return cause == null ? String.valueOf(exception.getMessage()) : exception.getMessage() + ": " + cause;
    }
}
