package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BorrowedConnectionsTest {
    private final BorrowedConnections borrowed = new BorrowedConnections();
    private int closed;

    @Test
    void shouldGiveBackEverythingOnce() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(borrowed.begin(new Counted())).isTrue();
            borrowed.done();
        }
        borrowed.end();

        borrowed.giveBack();
        borrowed.giveBack();

        assertThat(closed).isEqualTo(2);
    }

    @Test
    void shouldNotKeepWhatComesTooLate() throws Exception {
        borrowed.end();

        assertThat(borrowed.begin(new Counted())).isFalse();

        assertThat(closed).isEqualTo(1);
    }

    @Test
    void shouldNotEndWhileSomethingIsBeingOpened() throws Exception {
        assertThat(borrowed.begin(new Counted())).isTrue();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var end = threads.submit(() -> {
                borrowed.end();
                return "ended";
            });
            assertThat(end.isDone()).isFalse();

            borrowed.done();

            assertThat(end.get(1, TimeUnit.MINUTES)).isEqualTo("ended");
        }
    }

    private final class Counted implements PooledConnection {
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
