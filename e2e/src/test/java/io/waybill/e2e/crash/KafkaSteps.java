package io.waybill.e2e.crash;

import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a gate before and after every step of a transactional producer. A send is named by what it sends, such as
 * "kafka.send-completed".
 */
final class KafkaSteps {
    private static final Map<String, String> STEPS = Map.of(
            "initTransactions", "init",
            "beginTransaction", "begin",
            "send", "send",
            "flush", "flush",
            "sendOffsetsToTransaction", "offsets",
            "commitTransaction", "commit",
            "abortTransaction", "abort");

    private final Gate gate;
    private final Map<String, Topic<?, ?>> topics = new HashMap<>();

    KafkaSteps(Gate gate, Topics topics) {
        this.gate = gate;
        topics.all().forEach(topic -> this.topics.put(topic.name(), topic));
    }

    /** Those whose records tell a send's name are found as they come. */
    static List<String> names() {
        return STEPS.values().stream().filter(step -> !step.equals("send")).map(step -> "kafka." + step).sorted()
                .toList();
    }

    @SuppressWarnings("unchecked") // of the interface's own type parameters, which a proxy does not know
    Producer<byte[], byte[]> around(Producer<byte[], byte[]> producer) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                KafkaSteps.class.getClassLoader(), new Class<?>[] {Producer.class}, new Steering(producer));
    }

    private String name(Method method, Object @Nullable [] arguments) {
        String step = "kafka." + STEPS.get(method.getName());
        return arguments != null && arguments.length > 0 && arguments[0] instanceof ProducerRecord<?, ?> record
                ? step + "-" + kind(record)
                : step;
    }

    private String kind(ProducerRecord<?, ?> record) {
        Topic<?, ?> topic = topics.get(record.topic());
        if (topic == null || !(record.value() instanceof byte[] bytes)) {
            return topic == null ? "unknown" : "cleared";
        }
        Object value = topic.value().deserializer().deserialize(topic.name(), bytes);
        return value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** One producer. After an unknown end nothing works any more, as with a producer that had a fatal error. */
    private final class Steering implements InvocationHandler {
        private final Producer<byte[], byte[]> producer;
        private volatile boolean broken;
        private volatile boolean committed;

        Steering(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (!STEPS.containsKey(method.getName())) {
                return call(method, arguments);
            }
            if (broken) {
                throw new KafkaException("a fault broke the producer");
            }
            boolean commit = method.getName().equals("commitTransaction");
            if (commit && committed) {
                committed = false;
                return null;
            }
            String name = name(method, arguments);
            doIf(gate.pass(name + ".before"), false);
            Object result = call(method, arguments);
            doIf(gate.pass(name + ".after"), commit);
            return result;
        }

        private void doIf(Optional<FaultAction> action, boolean done) {
            if (action.isEmpty()) {
                return;
            }
            switch (action.get()) {
                case REFUSED -> throw new KafkaException("a fault let the step fail");
                case UNKNOWN -> {
                    broken = true;
                    throw new KafkaException("a fault hid the outcome");
                }
                case TIMEOUT -> {
                    committed = done;
                    throw new TimeoutException("a fault hid the answer");
                }
                case KILL, PAUSE, SFTP_RESTART, BROKER_RESTART, CUT ->
                    throw new IllegalStateException(action.get() + " makes no sense here");
            }
        }

        private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
            try {
                return method.invoke(producer, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
