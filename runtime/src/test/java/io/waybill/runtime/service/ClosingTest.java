package io.waybill.runtime.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new ArrayList<>();
    private final Closing closing = new Closing();

    @Test
    void shouldCloseTheNewestFirstAndEachOnce() throws Exception {
        closing.add(() -> closed.add("first"));
        closing.add(() -> closed.add("second"));
        closing.close();
        closing.close();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void shouldCloseAllAndLoseNoFailure() {
        closing.add(() -> {
            throw new IllegalStateException("later");
        });
        closing.add(() -> closed.add("middle"));
        closing.add(() -> {
            throw new IOException("first");
        });
        assertThatThrownBy(closing::close)
                .isInstanceOf(IOException.class)
                .hasMessage("first")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .isInstanceOf(IllegalStateException.class));
        assertThat(closed).containsExactly("middle");
    }

    @Test
    void shouldRestoreAnInterruption() {
        closing.add(() -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(closing::close).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
