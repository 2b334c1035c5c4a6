package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LoansTest {
    private final Loans loans = new Loans();
    private int closed;

    @Test
    void shouldGiveBackEverythingOnce() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(loans.begin(new Counted())).isTrue();
            loans.done();
        }
        loans.end();

        loans.giveBack();
        loans.giveBack();

        assertThat(closed).isEqualTo(2);
    }

    @Test
    void shouldNotKeepWhatComesTooLate() throws Exception {
        loans.end();

        assertThat(loans.begin(new Counted())).isFalse();

        assertThat(closed).isEqualTo(1);
    }

    @Test
    void shouldNotEndWhileSomethingIsBeingOpened() throws Exception {
        assertThat(loans.begin(new Counted())).isTrue();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var end = threads.submit(() -> {
                loans.end();
                return "ended";
            });
            assertThat(end.isDone()).isFalse();

            loans.done();

            assertThat(end.get(1, TimeUnit.MINUTES)).isEqualTo("ended");
        }
    }

    private final class Counted implements Loan {
        @Override
        public RemoteFiles files() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean alone() {
            return true;
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
