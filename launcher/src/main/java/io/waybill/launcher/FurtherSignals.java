package io.waybill.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Hears signals while the JVM already ends because of an earlier one, when it does not act on them itself. The platform
 * has no other way than {@code sun.misc.Signal}, which the compiler warns of without mercy. So this uses it by name.
 */
final class FurtherSignals {
    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private FurtherSignals() {}

    /** Runs the action on the next signal, on a thread of its own. Does nothing where the JVM keeps the signals. */
    static void hear(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocations = (_, _, _) -> {
                action.run();
                return null;
            };
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invocations);
            for (String name : SIGNALS) {
                var _ = signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            }
        } catch (ReflectiveOperationException e) {
            // Then a second signal changes nothing, and the limit ends the process.
        }
    }
}
