package io.waybill.worker.upload;

import io.waybill.runtime.memory.MemoryBudget;
import io.waybill.store.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream ahead of the sender and digests what was sent, each in a thread of its own. So the times of the store, of
 * the digest and of the partner do not add up. A chunk goes round: read, sent, digested, read again. A few chunks belong to
 * this object. It takes more from the shared memory as long as there is some. One thread uses it.
 */
final class ReadAhead implements AutoCloseable {
    /** One chunk is being read, one sent, one digested. */
    private static final int OWN = 3;

    private static final int MOST = 16;

    /** How long a connection to the store is held without being read. */
    private static final Duration HELD = Duration.ofSeconds(5);

    private final InputStream content;
    private final int chunkSize;
    private final long border;
    private final MemoryBudget shared;
    private final MessageDigest digest;
    private final BlockingQueue<Chunk> read = new LinkedBlockingQueue<>();
    private final BlockingQueue<Chunk> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> free = new LinkedBlockingQueue<>();
    private final Thread reader;
    private final Thread digester;
    private volatile @Nullable Throwable undigested;
    private int chunks;

    /**
     * Begins to read.
     *
     * @param chunkSize the length of a chunk, except the last chunk and the one before the border
     * @param border    an offset at which a chunk begins
     * @param digest    gets every byte that is given back, in order
     */
    ReadAhead(InputStream content, int chunkSize, long border, MemoryBudget shared, MessageDigest digest) {
        this.content = content;
        this.chunkSize = chunkSize;
        this.border = border;
        this.shared = shared;
        this.digest = digest;
        this.reader = Thread.ofVirtual().name("read-ahead").start(this::read);
        this.digester = Thread.ofVirtual().name("digest").start(this::digest);
    }

    /** A part of the stream. */
    static final class Chunk {
        private final byte[] bytes;
        private final int length;
        private final Optional<Throwable> failure;

        private Chunk(byte[] bytes, int length, Optional<Throwable> failure) {
            this.bytes = bytes;
            this.length = length;
            this.failure = failure;
        }

        private static Chunk end(Optional<Throwable> failure) {
            return new Chunk(new byte[0], 0, failure);
        }

        /** Must not be used after the chunk is given back. */
        byte[] bytes() {
            return bytes;
        }

        /** How many of the bytes are content; zero at the end. */
        int length() {
            return length;
        }
    }

    /**
     * Waits for the next part of the stream. The caller must give it back.
     *
     * @throws IllegalStateException if reading or digesting failed in an unforeseen way
     */
    Chunk next() throws IOException, InterruptedException {
        Chunk chunk = read.take();
        if (chunk.failure.isPresent()) {
            throw told(chunk.failure.get());
        }
        return chunk;
    }

    private static IOException told(Throwable failure) {
        if (failure instanceof IOException io) {
            return io;
        }
        throw new IllegalStateException("an object cannot be read ahead: " + failure, failure);
    }

    /** Returns a chunk, which is free again after it is digested. */
    void giveBack(Chunk chunk) {
        sent.add(chunk);
    }

    /** Waits until everything that was given back is digested, including the end. Lower-case hexadecimal. */
    String sha256() throws InterruptedException {
        digester.join();
        Throwable failure = undigested;
        if (failure != null) {
            throw new IllegalStateException("an object cannot be digested: " + failure, failure);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void read() {
        try {
            long position = 0;
            for (int length = -1; length != 0; position += length) {
                byte[] bytes = empty();
                int most = position < border ? (int) Math.min(chunkSize, border - position) : chunkSize;
                length = content.readNBytes(bytes, 0, most);
                read.add(length == 0 ? Chunk.end(Optional.empty()) : new Chunk(bytes, length, Optional.empty()));
            }
        } catch (InterruptedException e) {
            // Closed: no thread waits for more.
            return;
        } catch (Throwable e) {
            // Catches everything: the sender waits for the next chunk, and would otherwise wait for ever.
            read.add(Chunk.end(Optional.of(e)));
        }
    }

    private byte[] empty() throws InterruptedException {
        byte[] ready = free.poll();
        if (ready != null) {
            return ready;
        }
        if (chunks < OWN || chunks < MOST && shared.take(chunkSize)) {
            chunks++;
            return new byte[chunkSize];
        }
        byte[] soon = free.poll(HELD.toMillis(), TimeUnit.MILLISECONDS);
        if (soon != null) {
            return soon;
        }
        // Stores hang up on a reader that does not read. The rest is asked for when the destination has taken some.
        if (content instanceof ObjectReader.Held held) {
            held.letGo();
        }
        return free.take();
    }

    private void digest() {
        try {
            for (Chunk chunk = sent.take(); chunk.length() > 0; chunk = sent.take()) {
                digest.update(chunk.bytes(), 0, chunk.length());
                free.add(chunk.bytes());
            }
        } catch (InterruptedException e) {
            // Closed: no thread asks for the digest.
            return;
        } catch (Throwable e) {
            // Otherwise the reader would wait for chunks that never become free, and the sender for the reader.
            undigested = e;
            read.add(Chunk.end(Optional.of(e)));
        }
    }

    /** Returns when no thread reads the stream any more. */
    @Override
    public void close() {
        reader.interrupt();
        digester.interrupt();
        boolean interrupted = false;
        for (Thread thread = reader; thread.isAlive();) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        shared.give((long) chunkSize * Math.max(0, chunks - OWN));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
