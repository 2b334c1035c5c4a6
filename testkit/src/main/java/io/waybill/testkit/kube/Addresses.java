package io.waybill.testkit.kube;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives each life of a pod, and each Service, a loopback address of its own. Any thread. */
final class Addresses {
    /** Other tests run beside this one, and each takes another network. */
    private final int network = ThreadLocalRandom.current().nextInt(16, 255);

    private final AtomicInteger last = new AtomicInteger(ThreadLocalRandom.current().nextInt(256) << 8);
    private final Map<String, String> services = new ConcurrentHashMap<>();

    /** An address that nobody had before. */
    String next() {
        int number = last.incrementAndGet() & 0xFFFF;
        return "127." + network + "." + (number >> 8) + "." + Math.clamp(number & 0xFF, 1, 254);
    }

    /** The same for a Service, always. */
    String ofService(String name) {
        return services.computeIfAbsent(name, _ -> next());
    }
}
