package io.waybill.sftp;

import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.util.buffer.Buffer;

/** The answers that one channel still expects, by the numbers of their requests. Any thread. */
final class Answers {
    /** The library numbers its own requests from 100 on. */
    private static final int FIRST = 1 << 30;

    private final AtomicInteger numbers = new AtomicInteger(FIRST);
    private final Map<Integer, CompletableFuture<Buffer>> expected = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** Returns a number for a request; from now on its answer is expected. */
    int expect() {
        int number = numbers.getAndUpdate(last -> last == Integer.MAX_VALUE ? FIRST : last + 1);
        expected.put(number, new CompletableFuture<>());
        if (ended) {
            // The channel may have ended before the number was in the map.
            end();
        }
        return number;
    }

    /**
     * The future answer to a request; can be asked for once per request. The future fails with an {@link IOException} if
     * the channel ends before the answer comes.
     */
    CompletableFuture<Buffer> to(int number) {
        CompletableFuture<Buffer> answer = expected.get(number);
        if (answer == null) {
            throw new IllegalStateException("no answer is expected to request " + number);
        }
        var _ = answer.whenComplete((_, _) -> expected.remove(number));
        return answer;
    }

    /**
     * Takes an answer that the server sent.
     *
     * @throws StreamCorruptedException if no such answer was expected: the server mixed up its requests, or answered one of
     *                                  them twice, so none of its later answers can be trusted
     */
    void came(int number, Buffer answer) throws StreamCorruptedException {
        CompletableFuture<Buffer> waiting = expected.get(number);
        if (waiting == null || !waiting.complete(answer)) {
            throw new StreamCorruptedException("it answered request " + number + ", to which no answer was due");
        }
    }

    static boolean isOurs(int number) {
        return number >= FIRST;
    }

    /** The channel ended: no further answer will come. */
    void end() {
        end(new EOFException("the connection was closed before the server answered"));
    }

    /** The same, for a reason. Only the first reason counts. */
    void end(IOException reason) {
        ended = true;
        expected.values().forEach(answer -> answer.completeExceptionally(reason));
    }
}
