package io.waybill.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.api.forget.ForgetAnswer.Remaining;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person hears who asks that nothing about a file is kept. */
final class RemainsTest {
    private static final Topics TOPICS = Topics.from(
            new WaybillConfig.TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));

    /** Whoever adds a topic must say here what it holds of a file. A control holds its id alone. */
    @Test
    void shouldNameEachTopicThatHoldsMoreOfAFileThanItsId() {
        List<String> topics = TOPICS.all()
                .stream()
                .map(Topic::name)
                .filter(name -> !name.equals(TOPICS.controls().name()))
                .toList();

        assertThat(Remains.of(TOPICS, "state-processor")).extracting(Remaining::topic).containsAll(topics);
    }
}
