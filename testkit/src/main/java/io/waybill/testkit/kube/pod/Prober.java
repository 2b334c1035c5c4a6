package io.waybill.testkit.kube.pod;

import java.net.http.HttpClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Puts one probe to one life of a container, until it is stopped. */
final class Prober {
    private final Probe probe;
    private final String address;
    private final HttpClient http;
    private final CountDownLatch stopping;

    Prober(Probe probe, String address, HttpClient http, CountDownLatch stopping) {
        this.probe = probe;
        this.address = address;
        this.http = http;
        this.stopping = stopping;
    }

    /** Puts it until it passes or fails by its thresholds; returns which. False too if it was stopped. */
    boolean once() throws InterruptedException {
        var outcome = new boolean[1];
        run(passed -> {
            outcome[0] = passed;
            return false;
        });
        return outcome[0];
    }

    /** Puts it on and on, and says each time that a threshold is reached what came of it. */
    void forever(Consumer<Boolean> listener) throws InterruptedException {
        run(passed -> {
            listener.accept(passed);
            return true;
        });
    }

    /** Told when a threshold is reached; says whether to go on. */
    private interface Listener {
        boolean reached(boolean passed);
    }

    private void run(Listener listener) throws InterruptedException {
        int passed = 0;
        int failed = 0;
        boolean stopped = stopping.await(probe.initialDelay().toMillis(), TimeUnit.MILLISECONDS);
        while (!stopped) {
            boolean passes = probe.passes(address, http);
            passed = passes ? passed + 1 : 0;
            failed = passes ? 0 : failed + 1;
            if (passed >= probe.successThreshold() && !listener.reached(true)
                    || failed >= probe.failureThreshold() && !listener.reached(false)) {
                return;
            }
            stopped = stopping.await(probe.period().toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
