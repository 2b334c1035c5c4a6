package io.waybill.runtime.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.CaughtLogs;
import io.waybill.runtime.config.BadConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class ServiceRunnerTest {
    @RegisterExtension
    final CaughtLogs warnings = CaughtLogs.of(ServiceRunner.class);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Obedient one = new Obedient("one");
    private final Obedient two = new Obedient("two");

    @Test
    void shouldRunAllUntilItIsClosed() throws Exception {
        var runner = new ServiceRunner(List.of(one, two), PATIENCE);
        var running = new FutureTask<>(runner::run);
        Thread.ofPlatform().start(running);
        one.started.await();
        two.started.await();
        assertThat(one.thread).isEqualTo("one");
        assertThat(runner.check()).containsExactly(Map.entry("one", Health.UP), Map.entry("two", Health.UP));
        runner.close();
        assertThat(running.get()).isEqualTo(ExitCode.DONE);
        assertThat(runner.awaitEnd()).isTrue();
        assertThat(runner.failure()).isNull();
    }

    @Test
    void shouldNotBeReadyFromTheMomentOnAtWhichItIsAskedToStop() {
        var runner = new ServiceRunner(List.of(one, two), PATIENCE);
        runner.close();
        assertThat(runner.check()).containsExactly(Map.entry("one", Health.STOPPING),
                Map.entry("two", Health.STOPPING));
    }

    @Test
    void shouldStopAServiceThatAnswersRequestsOnlyAfterTheLastAnswer() throws Exception {
        var answered = new CountDownLatch(1);
        var runner = new ServiceRunner(List.of(one, two), PATIENCE, one::equals, () -> await(answered));
        var running = new FutureTask<>(runner::run);
        Thread.ofPlatform().start(running);
        runner.close();
        two.closed.await();
        assertThat(one.closed.getCount()).isOne();
        answered.countDown();
        assertThat(running.get()).isEqualTo(ExitCode.DONE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldStopAllWhenOneEnds() throws InterruptedException {
        two.close();
        assertThat(new ServiceRunner(List.of(one, two), PATIENCE).run()).isEqualTo(ExitCode.DONE);
        assertThat(one.closed.getCount()).isZero();
    }

    @Test
    void shouldStopAllAndKeepTheCauseWhenOneFails() throws InterruptedException {
        two.failure = new IllegalStateException("broken");
        two.close();
        var runner = new ServiceRunner(List.of(one, two), PATIENCE);
        assertThat(runner.run()).isEqualTo(ExitCode.FAILED);
        assertThat(runner.failure()).isSameAs(two.failure);
        assertThat(one.closed.getCount()).isZero();
    }

    @Test
    void shouldNotEndAsIfItWereAskedToWhenAServiceRunsOutOfMemory() throws InterruptedException {
        two.error = new OutOfMemoryError("Java heap space");
        two.close();
        var runner = new ServiceRunner(List.of(one, two), PATIENCE);
        assertThat(runner.run()).isEqualTo(ExitCode.FAILED);
        assertThat(runner.failure()).isSameAs(two.error);
        assertThat(runner.awaitEnd()).isTrue();
    }

    @Test
    void shouldSayThatTheConfigurationIsUnfitWhenAServiceFindsThat() throws InterruptedException {
        two.failure = new IllegalStateException(new BadConfigurationException(List.of("worker.id is taken")));
        two.close();
        assertThat(new ServiceRunner(List.of(one, two), PATIENCE).run()).isEqualTo(ExitCode.BAD_CONFIGURATION);
    }

    @Test
    void shouldNotWaitForeverForAServiceThatDoesNotStop() throws InterruptedException {
        var deaf = new Deaf();
        one.close();
        assertThat(new ServiceRunner(List.of(one, deaf), Duration.ofMillis(1)).run())
                .isEqualTo(ExitCode.DID_NOT_STOP);
        deaf.release.countDown();
    }

    @Test
    void shouldKeepTheNumbersThatProgramsEndWith() {
        assertThat(ExitCode.values()).extracting(ExitCode::number).containsExactly(0, 1, 2, 3);
    }

    private static class Obedient implements Service {
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);
        volatile @Nullable Exception failure;
        volatile @Nullable Error error;
        volatile @Nullable String thread;
        private final String name;

        Obedient(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void run() throws Exception {
            thread = Thread.currentThread().getName();
            started.countDown();
            closed.await();
            Error grave = error;
            if (grave != null) {
                throw grave;
            }
            Exception thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public Health check() {
            return Health.UP;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static final class Deaf extends Obedient {
        final CountDownLatch release = new CountDownLatch(1);

        Deaf() {
            super("deaf");
        }

        @Override
        public void run() throws InterruptedException {
            release.await();
        }
    }
}
