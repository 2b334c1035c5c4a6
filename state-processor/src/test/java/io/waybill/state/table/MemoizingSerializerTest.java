package io.waybill.state.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoizingSerializerTest {
    private final List<StringBuilder> serialized = new ArrayList<>();
    private final MemoizingSerializer<StringBuilder> serializer = new MemoizingSerializer<>((topic, value) -> {
        serialized.add(value);
        return value.toString().getBytes(StandardCharsets.UTF_8);
    });

    @Test
    void shouldSerializeAValueOnceThatIsWrittenTwiceInARow() {
        var value = new StringBuilder("a");

        assertThat(serializer.serialize("store", value)).isEqualTo(serializer.serialize("topic", value));
        assertThat(serialized).hasSize(1);
    }

    @Test
    void shouldNotTakeOneValueForAnother() {
        serializer.serialize("store", new StringBuilder("a"));

        assertThat(serializer.serialize("topic", new StringBuilder("b"))).asString().isEqualTo("b");
        assertThat(serializer.serialize("topic", null)).isNull();
    }
}
