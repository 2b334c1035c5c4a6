package io.waybill.devstack.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Does the same work on many items, some at a time. */
final class Parallel {
    private Parallel() {}

    /**
     * Returns the results in the order of the items.
     *
     * @param atOnce the number of items at one time
     * @param work   if it fails for one item, all work ends, and the failure is thrown
     */
    static <T, R> List<R> map(List<T> items, int atOnce, Function<T, R> work) throws InterruptedException {
        var results = new ArrayList<R>();
        try (var threads = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            List<Future<R>> running =
                    items.stream().map(item -> threads.submit(() -> work.apply(item))).toList();
            try {
                for (Future<R> one : running) {
                    results.add(one.get());
                }
            } catch (ExecutionException | InterruptedException e) {
                threads.shutdownNow();
                throw e;
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        return results;
    }
}
