package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectReader;
import io.waybill.store.StoreDownException;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps a worker from asking for objects of a bucket that cannot be read. The first failure for which no object is to
 * blame opens the breaker of the bucket. After a delay that grows with every failure, one caller asks for the bucket itself
 * before it asks for its object. Any thread.
 */
public final class GuardedSource implements ObjectReader, SourceGate {
    private final ObjectReader source;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final RandomGenerator random;
    private final Consumer<Place> recovered;
    private final Map<String, SourceBreaker> breakers = new ConcurrentHashMap<>();

    /**
     * @param source    not closed here
     * @param recovered takes a bucket that can be read again; does not wait
     */
    public GuardedSource(ObjectReader source, WorkerMetrics metrics, ProcessClock time, Consumer<Place> recovered) {
        this(source, metrics, time, new Random(), recovered);
    }

    /**
     * @param source    not closed here
     * @param random    randomises the delays
     * @param recovered takes a bucket that can be read again; does not wait
     */
    public GuardedSource(
            ObjectReader source,
            WorkerMetrics metrics,
            ProcessClock time,
            RandomGenerator random,
            Consumer<Place> recovered) {
        this.source = source;
        this.metrics = metrics;
        this.time = time;
        this.random = random;
        this.recovered = recovered;
    }

    private interface Question<T> {
        T ask() throws TransferException;
    }

    /**
     * {@inheritDoc}
     *
     * @throws SourceDownException if no object of the bucket can be read now
     */
    @Override
    public InputStream open(SourceObject object) throws TransferException {
        SourceBreaker breaker = breaker(object.bucket());
        return new Guarded(asked(breaker, () -> source.open(object)), breaker);
    }

    /**
     * {@inheritDoc}
     *
     * @throws SourceDownException if no object of the bucket can be read now
     */
    @Override
    public Optional<SourceObject> current(String bucket, String key) throws TransferException {
        return asked(breaker(bucket), () -> source.current(bucket, key));
    }

    @Override
    public void requireUp(String bucket) throws SourceDownException {
        breaker(bucket).admit();
    }

    private static <T> T asked(SourceBreaker breaker, Question<T> question) throws TransferException {
        breaker.admit();
        T answer;
        try {
            answer = question.ask();
        } catch (StoreDownException e) {
            throw breaker.down(e.failure());
        } catch (TransferException e) {
            if (!Thread.currentThread().isInterrupted()) {
                // The object is the reason, so the store answers for the bucket.
                breaker.up();
            }
            throw e;
        }
        breaker.up();
        return answer;
    }

    private SourceBreaker breaker(String bucket) {
        return breakers.computeIfAbsent(bucket, name -> new SourceBreaker(
                name, () -> source.answers(name), metrics, time, random, recovered));
    }

    /**
     * Somebody says that a bucket may be read.
     *
     * @return whether that moves the next try of this worker forward
     */
    public boolean release(String bucket, Release.Cause cause) {
        SourceBreaker breaker = breakers.get(bucket);
        return breaker != null && breaker.release(cause);
    }

    @Override
    public boolean answers(String bucket) {
        return source.answers(bucket);
    }

    @Override
    public void close() {
        // The reader behind it belongs to the caller.
    }

    /** A stream whose store may go down while it is read. */
    private static final class Guarded extends FilterInputStream implements Held {
        private final SourceBreaker breaker;

        Guarded(InputStream content, SourceBreaker breaker) {
            super(content);
            this.breaker = breaker;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return in.read(bytes, from, length);
            } catch (IOException e) {
                throw e.getCause() instanceof StoreDownException down
                        ? new IOException(e.getMessage(), breaker.down(down.failure()))
                        : e;
            }
        }

        @Override
        public void letGo() {
            if (in instanceof Held held) {
                held.letGo();
            }
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    /** The failure of a bucket that does not answer when it is asked for itself. */
    static Failure noAnswer(String bucket) {
        return new Failure(FailureKind.SOURCE_UNREACHABLE, "the store does not answer for bucket " + bucket);
    }
}
