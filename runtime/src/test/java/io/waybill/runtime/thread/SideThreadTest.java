package io.waybill.runtime.thread;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.CaughtLogs;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SideThreadTest {
    @RegisterExtension
    final CaughtLogs errors = CaughtLogs.of(SideThread.class);

    private static SideThread ended(SideThread.Work work) throws InterruptedException {
        var thread = new SideThread("test-side", "does not count", work);
        assertThat(thread.fault()).isEmpty();
        thread.start();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        return thread;
    }

    @Test
    void shouldKeepAnException() throws InterruptedException {
        assertThat(ended(() -> {
            throw new IllegalStateException("no more numbers");
        }).fault()).hasValue("does not count: no more numbers");
    }

    @Test
    void shouldKeepAnErrorToo() throws InterruptedException {
        assertThat(ended(() -> {
            throw new StackOverflowError();
        }).fault()).hasValueSatisfying(fault -> assertThat(fault).startsWith("does not count: "));
    }

    @Test
    void shouldHaveNoFaultIfItWasAskedToEnd() throws InterruptedException {
        assertThat(ended(() -> {}).fault()).isEmpty();
        assertThat(ended(() -> {
            throw new InterruptedException();
        }).fault()).isEmpty();
    }
}
