package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.FaultInjectingProxy;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers end in the middle of 1 GiB, each in another way, and the next goes on where the last was. */
@RequiresOpenSsh
final class ResumeIT {
    private static final int MIB = 1 << 20;
    private static final int SIZE = 1024;
    /** So slow that the rest of the file does not go in the time that a worker usually has. */
    private static final String SLOW = "destinations.openssh.maxBytesPerSecond=" + 40 * MIB;

    @TempDir
    private Path scratch;

    @Test
    void shouldResumeALargeUploadAfterAKillAndAfterEachWayToStop() throws Exception {
        Path file = madeFile();
        Content content = Content.of(file);
        try (var server = OpenSshServer.start(scratch.resolve("ssh"));
                var line = FaultInjectingProxy.to(server.port());
                var stack = new EmbeddedProcess(settings(server, line), ProcessClock.system())) {
            Running running = stack.start((_, _) -> {}).orElseThrow();
            try (var store = ObjectStore.writer(running.config().s3())) {
                store.put("big", "big.bin", file, content.sha256());
            }
            try (var first = worker(running)) {
                await("300 MiB at the server").until(() -> staged(server) > 300L * MIB);
                first.kill();
            }
            assertThat(server.files().resolve("big.bin")).doesNotExist();
            try (var second = worker(running, SLOW, "shutdown.patience=60s")) {
                await("350 MiB at the server").until(() -> staged(server) > 350L * MIB);
                assertThat(terminatedTwice(second)).isEqualTo(3);
            }
            long sentOnce = staged(server);
            long untilThen = line.bytesToServer();
            try (var third = worker(running, SLOW)) {
                await("80 MiB more at the server").until(() -> line.bytesToServer() - untilThen > 80L * MIB);
                assertThat(third.terminate()).isZero();
            }
            long kept = staged(server);
            assertThat(kept).isGreaterThan(sentOnce);
            long before = line.bytesToServer();
            try (var fourth = worker(running)) {
                await("the whole file").until(() -> Files.exists(server.files().resolve("big.bin")));
                assertThat(fourth.isAlive()).isTrue();
            }

            assertThat(Content.of(server.files().resolve("big.bin")).sha256()).isEqualTo(content.sha256());
            // After an orderly stop nothing is repeated. What else is sent is the price of the connection.
            assertThat(line.bytesToServer() - before).isBetween(SIZE * (long) MIB - kept, (SIZE + 8L) * MIB - kept);
            // After a kill, what was sent since the last 64 MiB were remembered, and what was under way.
            assertThat(line.bytesToServer()).isLessThan((SIZE + 300L) * MIB);
            assertThat(staged(server)).isZero();
        }
    }

    /** The first signal lets it wait for the file, which the second does not bear. */
    private int terminatedTwice(LauncherProcess worker) throws InterruptedException {
        worker.signal();
        await("the worker to wait for its file")
                .until(() -> Files.readString(log()).contains("waits for those in flight"));
        return worker.terminate();
    }

    private LauncherProcess worker(Running running, String... settings) throws IOException {
        var arguments = new ArrayList<String>(List.of(
                "run",
                "transfer-worker",
                "--config",
                running.configurationFile().toString(),
                "--set",
                "http.port=0"));
        List.of(settings).forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return LauncherProcess.startHardWorking(log(), arguments);
    }

    private Path log() {
        return scratch.resolve("worker.log");
    }

    private static long staged(OpenSshServer server) {
        try (var files = Files.list(server.files().resolve(".waybill"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            // There is no such directory yet.
            return 0;
        }
    }

    private EmbeddedProcess.Settings settings(OpenSshServer server, FaultInjectingProxy line) throws IOException {
        Path file = Files.writeString(scratch.resolve("user.yaml"), """
                destinations:
                %sroutes:
                  big:
                    source: { bucket: big }
                    deliver: { destination: openssh, path: "/{name}" }
                """.formatted(server.destination().through(line.port()).yaml("openssh")));
        return new EmbeddedProcess.Settings(
                scratch.resolve("data"),
                EmbeddedPorts.ANY,
                Optional.of(file),
                Overrides.NONE,
                false,
                Services.except("transfer-worker"));
    }

    private Path madeFile() throws IOException {
        var random = new SplittableRandom(1);
        byte[] block = new byte[MIB];
        Path file = scratch.resolve("big.bin");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < SIZE; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }
}
