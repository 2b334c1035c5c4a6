package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.store.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Notifications as bridges hand them on. */
class EnvelopeTest {
    private static final String PLAIN = new String(Notifications.created("a b.csv"), StandardCharsets.UTF_8);
    private static final Created OBJECT = new Created(new ObjectVersion("outbound", "a b.csv", null), "a+b.csv", "Put");

    /** One envelope. */
    private enum Envelope implements UnaryOperator<String> {
        SNS {
            @Override
            public String apply(String inner) {
                return object().put("Type", "Notification").put("TopicArn", "arn:aws:sns:t").put("Message", inner)
                        .toString();
            }
        },
        SQS_MESSAGE {
            @Override
            public String apply(String inner) {
                return object().put("MessageId", "1").put("ReceiptHandle", "x").put("Body", inner).toString();
            }
        },
        SQS_MESSAGE_IN_LOWER_CASE {
            @Override
            public String apply(String inner) {
                return object().put("messageId", "1").put("body", inner).toString();
            }
        },
        LAMBDA_OF_SQS {
            @Override
            public String apply(String inner) {
                ObjectNode event = object();
                event.putArray("Records").addObject().put("eventSource", "aws:sqs").put("body", inner);
                return event.toString();
            }
        },
        LAMBDA_OF_SNS {
            @Override
            public String apply(String inner) {
                ObjectNode event = object();
                event.putArray("Records").addObject().put("EventSource", "aws:sns").putObject("Sns")
                        .put("Message", inner);
                return event.toString();
            }
        },
        KAFKA_CONNECT {
            @Override
            public String apply(String inner) {
                ObjectNode event = object();
                event.putObject("schema").put("type", "string");
                return event.put("payload", inner).toString();
            }
        },
        JSON_TEXT {
            @Override
            public String apply(String inner) {
                return JsonNodeFactory.instance.textNode(inner).toString();
            }
        },
        BASE64 {
            @Override
            public String apply(String inner) {
                return Base64.getEncoder().encodeToString(inner.getBytes(StandardCharsets.UTF_8));
            }
        };

        private static ObjectNode object() {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Envelope.values())
                .flatMap(outer -> Arrays.stream(Envelope.values()).map(inner -> Arguments.of(outer, inner)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldOpenAnEnvelope(Envelope envelope) {
        assertThat(read(envelope.apply(PLAIN))).containsExactly(OBJECT);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldOpenAnEnvelopeInAnEnvelope(Envelope outer, Envelope inner) {
        assertThat(read(outer.apply(inner.apply(PLAIN)))).containsExactly(OBJECT);
    }

    @Test
    void shouldOpenAPayloadOfKafkaConnectThatIsAnObject() {
        assertThat(read("{\"schema\":null,\"payload\":" + PLAIN + "}")).containsExactly(OBJECT);
    }

    @Test
    void shouldReadAMessageOfSnsThatConnectTookFromSqs() {
        String message = Envelope.SQS_MESSAGE.apply(Envelope.SNS.apply(PLAIN));
        assertThat(read("{\"schema\":{\"type\":\"struct\"},\"payload\":" + message + "}")).containsExactly(OBJECT);
        assertThat(read(Envelope.KAFKA_CONNECT.apply(message))).containsExactly(OBJECT);
        assertThat(read(Envelope.LAMBDA_OF_SQS.apply(Envelope.BASE64.apply(Envelope.SNS.apply(PLAIN)))))
                .containsExactly(OBJECT);
    }

    @Test
    void shouldReadEveryMessageOfABatch() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        var records = event.putArray("Records");
        records.addObject().put("eventSource", "aws:sqs").put("body", PLAIN);
        records.addObject().put("eventSource", "aws:sqs").put("body", "not JSON");
        records.addObject().put("eventSource", "aws:sqs").put("body", PLAIN);
        assertThat(read(event.toString())).satisfiesExactly(
                first -> assertThat(first).isEqualTo(OBJECT),
                second -> assertThat(second).isInstanceOf(Unreadable.class).asString()
                        .contains("Records[1]: in the body of an SQS message: not JSON"),
                third -> assertThat(third).isEqualTo(OBJECT));
    }

    @Test
    void shouldNotFollowEnvelopesWithoutEnd() {
        String nested = PLAIN;
        for (int i = 0; i < 4; i++) {
            nested = Envelope.SQS_MESSAGE.apply(nested);
        }
        assertThat(read(nested)).singleElement().asString().contains("more than 3 envelopes");
        for (int i = 0; i < 10; i++) {
            nested = Envelope.JSON_TEXT.apply(nested);
        }
        assertThat(read(nested)).singleElement().isInstanceOf(Unreadable.class);
    }

    private static List<ObjectEvent> read(String text) {
        return NotificationReader.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
