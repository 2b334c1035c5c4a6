package io.waybill.benchmarks;

import java.io.IOException;

/** One benchmark. It starts what it needs on 127.0.0.1 and ends it again. */
public interface Benchmark {
    Figures run() throws IOException, InterruptedException;
}
