package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundedInputTest {
    private static BoundedInput first(int length) {
        return new BoundedInput(new ByteArrayInputStream(new byte[] {1, 2, 3, -4, 5}), length);
    }

    @Test
    void shouldEndAtItsBound() throws IOException {
        assertThat(first(4).readAllBytes()).containsExactly(1, 2, 3, -4);
        assertThat(first(0).readAllBytes()).isEmpty();
    }

    @Test
    void shouldEndWithTheStreamIfThatIsShorter() throws IOException {
        assertThat(first(9).readAllBytes()).hasSize(5);
    }

    @Test
    void shouldCountSingleAndSkippedBytes() throws IOException {
        try (var bytes = first(4)) {
            assertThat(bytes.read()).isEqualTo(1);
            assertThat(bytes.skip(2)).isEqualTo(2);
            assertThat(bytes.read()).isEqualTo(0xfc);
            assertThat(bytes.read()).isEqualTo(-1);
        }
    }
}
