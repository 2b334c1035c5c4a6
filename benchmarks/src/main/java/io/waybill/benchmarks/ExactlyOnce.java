package io.waybill.benchmarks;

import io.waybill.benchmarks.transfer.Median;
import io.waybill.testkit.OpenSshServer;
import io.waybill.worker.delivery.PublishProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to commit the intent before each rename: files per second of the worker as it is, against the same worker
 * that renames first and commits then. Both run in this process on one broker and one OpenSSH server, and are fed in turn;
 * objects come from memory. The figure is the median of the rounds' ratios. After each round the ledgers are read as by a
 * new owner.
 */
final class ExactlyOnce implements Benchmark {
    private static final int FILES = 3000;
    private static final int SIZE = 10 << 10;
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 7;

    @Override
    public Figures run() throws IOException, InterruptedException {
        System.out.printf(
                "%d files of %d KiB a round, %d rounds after %d to warm up, loopback, OpenSSH, 4 connections of 16 files in"
                        + " flight, %d cores, Java %s%n",
                FILES, SIZE >> 10, ROUNDS, WARM_UPS, Runtime.getRuntime().availableProcessors(), Runtime.version());
        Path scratch = Files.createTempDirectory("waybill-bench");
        try (var server = OpenSshServer.start(scratch.resolve("ssh"));
                var broker = BenchBroker.start(scratch.resolve("kafka"));
                var with = WorkerUnderLoad.start(broker, server, "with.", PublishProtocol.TWO_PHASE, SIZE);
                var without = WorkerUnderLoad.start(broker, server, "without.", new CommitAfterRename(), SIZE)) {
            return measured(with, without);
        } finally {
            Trees.delete(scratch);
        }
    }

    private static Figures measured(WorkerUnderLoad with, WorkerUnderLoad without)
            throws IOException, InterruptedException {
        List<Double> withRates = new ArrayList<>();
        List<Double> withoutRates = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> reads = new ArrayList<>();
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            // Who goes first changes, so that what the other leaves behind hits both alike.
            boolean withFirst = round % 2 == 0;
            double first = (withFirst ? with : without).filesPerSecond(FILES);
            double second = (withFirst ? without : with).filesPerSecond(FILES);
            double withRate = withFirst ? first : second;
            double withoutRate = withFirst ? second : first;
            System.out.printf("round %2d: with %7.0f, without %7.0f files/s%n", round, withRate, withoutRate);
            if (round >= 0) {
                withRates.add(withRate);
                withoutRates.add(withoutRate);
                ratios.add(withRate / withoutRate);
                reads.add(with.ledgerReadMillis());
            }
        }
        var figures = new Figures();
        figures.add("with_files_per_second", Median.of(withRates), "files/s, intent committed before the rename");
        figures.add("without_files_per_second", Median.of(withoutRates), "files/s, commit after the rename only");
        figures.add("with_vs_without", Median.of(ratios), "ratio, more is better; aim 0.9");
        figures.add("ledger_read_ms", Median.of(reads),
                "ms, a new owner reads the ledgers of all partitions; aim 1000");
        return figures;
    }
}
