package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.sftp.SftpConnector;
import io.waybill.store.ObjectStore;
import io.waybill.worker.TransferWorker;
import io.waybill.worker.WorkerTestHooks;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A worker in a process of its own, with gates between it and the world. It reads the test's lines from standard input,
 * {@code arm FAULT}, {@code disarm ID}, {@code go ID} and {@code stop}, and ends with it.
 */
final class CrashWorker {
    private static final int ORPHANED = 9;

    private final PrintStream out;
    private final Gate gate;

    private CrashWorker(PrintStream out) {
        this.out = out;
        gate = new Gate(this::tell);
    }

    private synchronized void tell(String line) {
        out.println(line);
        out.flush();
    }

    /** @param args configuration file, worker id, {@link Protocol} */
    public static void main(String[] args) throws Exception {
        new CrashWorker(System.out) // allow console: it is the way to the test
                .run(Path.of(args[0]), args[1], Protocol.valueOf(args[2]));
        System.exit(0);
    }

    private void run(Path file, String id, Protocol protocol) throws Exception {
        var config = WaybillConfig.load(
                file,
                new Overrides(Map.of("worker.id", id, "kafka.transaction.timeout.ms", "4000"), Map.of()),
                Services.sections());
        try (var serdes = DomainSerdes.from(config.serde())) {
            Topics topics = Topics.from(config.topics(), serdes);
            var steps = new Steps(gate);
            var worker = new TransferWorker(
                    config,
                    topics,
                    () -> steps.around(ObjectStore.reader(config.s3())),
                    () -> steps.around(new SftpConnector()),
                    WorkerMetrics.NONE,
                    ProcessClock.system(),
                    new WorkerTestHooks(new KafkaSteps(gate, topics)::around, protocol.publishing()));
            Thread.ofPlatform().daemon().name("commands").start(() -> obey(worker));
            Thread.ofVirtual().name("readiness").start(() -> tellReady(worker));
            worker.run();
        }
    }

    private void tellReady(TransferWorker worker) {
        await("the worker to be ready").forever().until(() -> worker.check().state() != Health.State.STARTING);
        tell("ready");
    }

    private void obey(TransferWorker worker) {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String rest = line.substring(line.indexOf(' ') + 1);
                switch (line.split(" ")[0]) {
                    case "arm" -> gate.arm(Fault.parse(rest));
                    case "disarm" -> gate.disarm(Integer.parseInt(rest));
                    case "go" -> gate.release(Integer.parseInt(rest));
                    default -> worker.close();
                }
            }
        } catch (IOException e) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
