package io.waybill.worker.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waybill.runtime.memory.MemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ReadAheadTest {
    private static final int CHUNK = 1000;

    private final MemoryBudget shared = new MemoryBudget(5 * CHUNK);
    private final byte[] content = new byte[123_456];

    ReadAheadTest() {
        new Random(1).nextBytes(content);
    }

    @Test
    void shouldGiveEveryByteAndDigestItInOrder() throws Exception {
        var sent = new ByteArrayOutputStream();
        try (var ahead = ahead(new ByteArrayInputStream(content), 0)) {
            drain(ahead, sent);

            assertThat(ahead.sha256())
                    .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        }
        assertThat(sent.toByteArray()).isEqualTo(content);
        assertThat(shared.left()).isEqualTo(5 * CHUNK);
    }

    @Test
    void shouldBeginAChunkAtTheBorder() throws Exception {
        try (var ahead = ahead(new ByteArrayInputStream(content), 2500)) {
            assertThat(ahead.next().length()).isEqualTo(1000);
            assertThat(ahead.next().length()).isEqualTo(1000);
            assertThat(ahead.next().length()).isEqualTo(500);
            assertThat(ahead.next().length()).isEqualTo(1000);
        }
    }

    @Test
    void shouldManageWithItsOwnMemoryWhereNoneIsLeft() throws Exception {
        assertThat(shared.take(5 * CHUNK)).isTrue();
        var sent = new ByteArrayOutputStream();
        try (var ahead = ahead(new ByteArrayInputStream(content), 0)) {
            drain(ahead, sent);
        }

        assertThat(sent.toByteArray()).isEqualTo(content);
    }

    @Test
    void shouldTellWhyTheStreamBroke() throws Exception {
        var broken = InputStream.nullInputStream();
        broken.close();
        var sent = new ByteArrayOutputStream();
        try (var ahead = ahead(new SequenceInputStream(new ByteArrayInputStream(content, 0, 3000), broken), 0)) {
            assertThatIOException().isThrownBy(() -> drain(ahead, sent)).withMessage("Stream closed");
        }
    }

    @Test
    @Timeout(20)
    void shouldNotLetWhoSendsWaitForEverWhenTheReaderDies() throws Exception {
        InputStream dying = new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError("Java heap space");
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                return read();
            }
        };
        try (var ahead = ahead(new SequenceInputStream(new ByteArrayInputStream(content, 0, 3000), dying), 0)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> drain(ahead, new ByteArrayOutputStream()))
                    .withRootCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThat(shared.left()).isEqualTo(5 * CHUNK);
    }

    @Test
    @Timeout(20)
    void shouldNotLetWhoSendsWaitForEverWhenTheDigesterDies() throws Exception {
        MessageDigest dying = new MessageDigest("dying") {
            @Override
            protected void engineUpdate(byte input) {}

            @Override
            protected void engineUpdate(byte[] input, int offset, int length) {
                throw new IllegalStateException("a bug");
            }

            @Override
            protected byte[] engineDigest() {
                return new byte[0];
            }

            @Override
            protected void engineReset() {}
        };
        try (var ahead = new ReadAhead(new ByteArrayInputStream(content), CHUNK, 0, shared, dying)) {
            assertThatIllegalStateException().isThrownBy(() -> {
                drain(ahead, new ByteArrayOutputStream());
                ahead.sha256();
            });
        }
    }

    @Test
    void shouldStopReadingWhenClosed() throws Exception {
        try (var endless = new PipedInputStream();
                var _ = new PipedOutputStream(endless)) {
            ahead(endless, 0).close();
        }
        assertThat(shared.left()).isEqualTo(5 * CHUNK);
    }

    private ReadAhead ahead(InputStream stream, long border) throws Exception {
        return new ReadAhead(stream, CHUNK, border, shared, MessageDigest.getInstance("SHA-256"));
    }

    private static void drain(ReadAhead ahead, ByteArrayOutputStream sent) throws Exception {
        ReadAhead.Chunk chunk;
        do {
            chunk = ahead.next();
            sent.write(chunk.bytes(), 0, chunk.length());
            ahead.giveBack(chunk);
        } while (chunk.length() > 0);
    }
}
