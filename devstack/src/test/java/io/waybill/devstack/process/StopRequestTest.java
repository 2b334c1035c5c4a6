package io.waybill.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopRequestTest {
    private final StopRequest stop = new StopRequest();
    private final AtomicInteger stopped = new AtomicInteger();

    @Test
    void shouldActOnceHoweverOftenItIsAsked() {
        stop.onRequest(stopped::incrementAndGet);
        stop.request();
        stop.request();
        assertThat(stopped).hasValue(1);
    }

    @Test
    void shouldActAtOnceWhenTheRequestCameBefore() {
        stop.request();
        stop.onRequest(stopped::incrementAndGet);
        assertThat(stopped).hasValue(1);
    }

    @Test
    void shouldInterruptAStartAndLeaveNoTraceOfIt() {
        boolean duringStart;
        try (var _ = stop.interrupting(Thread.currentThread())) {
            stop.request();
            duringStart = Thread.currentThread().isInterrupted();
        }
        assertThat(duringStart).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void shouldNotInterruptWhatHasStarted() {
        stop.interrupting(Thread.currentThread()).close();
        stop.request();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
