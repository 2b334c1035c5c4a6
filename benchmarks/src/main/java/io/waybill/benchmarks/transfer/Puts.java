package io.waybill.benchmarks.transfer;

import io.waybill.store.Content;
import io.waybill.store.ObjectWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Workloads into stores, each into the bucket of its name, a few files at a time. */
final class Puts {
    private static final int AT_ONE_TIME = 4;

    private Puts() {}

    /** Puts all files, and returns what each is, in order. */
    static List<Content> all(ObjectWriter store, Workload workload) throws IOException, InterruptedException {
        List<Future<Content>> puts = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(AT_ONE_TIME)) {
            for (String name : workload.fileNames()) {
                puts.add(threads.submit(() -> {
                    Path file = workload.directory().resolve(name);
                    Content content = Content.of(file);
                    var _ = store.put(workload.name(), name, file, content.sha256());
                    return content;
                }));
            }
            List<Content> contents = new ArrayList<>();
            for (Future<Content> put : puts) {
                contents.add(put.get());
            }
            return contents;
        } catch (ExecutionException e) {
            throw new IOException("an object could not be put", e);
        }
    }
}
