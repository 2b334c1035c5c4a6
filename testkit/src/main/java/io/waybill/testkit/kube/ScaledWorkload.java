package io.waybill.testkit.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.kube.manifest.Resource;
import io.waybill.testkit.kube.scale.Autoscaler;
import io.waybill.testkit.kube.scale.Reading;
import io.waybill.testkit.kube.scale.ScaleRules;
import io.waybill.testkit.kube.scale.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A ScaledObject: measures, and tells its workload how many pods it should have. A thread of its own runs it. */
final class ScaledWorkload implements AutoCloseable {
    private final Resource resource;
    private final Workload workload;
    private final Duration every;
    private final ProcessClock clock;
    private final ScaleRules rules;
    private final Autoscaler autoscaler;
    private final List<Trigger> triggers = new ArrayList<>();
    private final Queue<Decision> decisions = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final long begin;

    /** A number of pods that was decided, what was measured, and when. */
    record Decision(Duration at, int replicas, List<Reading> readings) {}

    /** @param every how often it looks while there are pods; while there are none, the manifest says how often */
    ScaledWorkload(
            Resource resource,
            Workload workload,
            Duration every,
            ProcessClock clock,
            Function<JsonNode, Trigger> triggers) {
        this.resource = resource;
        this.workload = workload;
        this.every = every;
        this.clock = clock;
        begin = clock.nanos();
        rules = ScaleRules.of(resource.at("/spec"));
        autoscaler = new Autoscaler(rules);
        resource.at("/spec/triggers").forEach(trigger -> this.triggers.add(triggers.apply(trigger)));
        Thread.ofPlatform().daemon().name("autoscaler-" + resource.name()).start(this::run);
    }

    private void run() {
        try {
            while (!stopping.await(pause().toMillis(), TimeUnit.MILLISECONDS)) {
                decide();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        return workload.replicas() == 0 ? rules.polling() : every;
    }

    private void decide() throws InterruptedException {
        var readings = new ArrayList<Reading>();
        try {
            for (Trigger trigger : triggers) {
                readings.add(trigger.read());
            }
        } catch (IOException e) {
            return; // nobody changes anything on what is not known
        }
        int current = workload.replicas();
        int next = autoscaler.next(clock.since(begin), current, readings);
        if (next != current) {
            decisions.add(new Decision(clock.since(begin), next, readings));
            workload.scale(next);
        }
    }

    String name() {
        return resource.name();
    }

    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    @Override
    public void close() {
        stopping.countDown();
        triggers.forEach(Trigger::close);
    }
}
