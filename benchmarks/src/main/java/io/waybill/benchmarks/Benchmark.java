package io.waybill.benchmarks;

/** One benchmark. It starts what it needs on 127.0.0.1 and ends it again. */
interface Benchmark {
    Figures run() throws Exception;
}
