package io.waybill.benchmarks.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.FaultInjectingProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Distance costs time and no bandwidth, or the figures over distance would be the proxy's. */
final class DistanceTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration ROUND_TRIP = Duration.ofMillis(100);
    private static final int STREAM = 256 << 20;

    private ServerSocket server;
    private FaultInjectingProxy network;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        network = FaultInjectingProxy.to(server.getLocalPort(), ROUND_TRIP);
    }

    @AfterEach
    void disconnect() throws IOException {
        network.close();
        server.close();
    }

    @Test
    void shouldTakeARoundTripForAnAnswer() throws Exception {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), network.port());
                Socket peer = server.accept()) {
            Thread echo = Thread.ofVirtual().start(() -> answer(peer, 3));
            for (int i = 0; i < 3; i++) {
                Instant start = CLOCK.instant();
                client.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
                assertThat(Duration.between(start, CLOCK.instant()))
                        .isBetween(ROUND_TRIP, ROUND_TRIP.plusMillis(200));
            }
            echo.join();
        }
    }

    private static void answer(Socket peer, int times) {
        try {
            for (int i = 0; i < times; i++) {
                peer.getOutputStream().write(peer.getInputStream().read());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldNotBoundAStreamByItsDistance() throws Exception {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), network.port());
                Socket peer = server.accept()) {
            Instant start = CLOCK.instant();
            Thread.ofVirtual().start(() -> stream(client));
            receive(peer.getInputStream());
            // A window of 4 MiB would take 6 seconds and more over this distance.
            assertThat(Duration.between(start, CLOCK.instant())).isLessThan(Duration.ofSeconds(5));
        }
    }

    private static void stream(Socket client) {
        var block = new byte[1 << 20];
        try {
            for (int sent = 0; sent < STREAM; sent += block.length) {
                client.getOutputStream().write(block);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void receive(InputStream in) throws IOException {
        var block = new byte[1 << 20];
        for (int left = STREAM; left > 0;) {
            int length = in.read(block);
            assertThat(length).isPositive();
            left -= length;
        }
    }
}
