package io.waybill.e2e.crash;

import io.waybill.sftp.Connector;
import io.waybill.sftp.RemoteFile;
import io.waybill.sftp.RemoteFiles;
import io.waybill.store.ObjectReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a gate before and after every method of the worker's ports, whatever methods they come to have. A step is named
 * by port and method, such as "sftp.replace".
 */
final class Steps {
    private final Gate gate;

    Steps(Gate gate) {
        this.gate = gate;
    }

    /** All steps that a fault may be planned for. */
    static List<String> names() {
        return List.of(Connector.class, RemoteFiles.class, RemoteFile.class, ObjectReader.class).stream()
                .flatMap(port -> List.of(port.getMethods()).stream()
                        .filter(Steps::isStep)
                        .map(method -> prefix(port) + "." + method.getName()))
                .distinct()
                .sorted()
                .toList();
    }

    /** What asks nobody cannot be cut off, and a fault before it is one after what came before. */
    private static boolean isStep(Method method) {
        return ConnectionCut.possible(method);
    }

    private static String prefix(Class<?> port) {
        return switch (port.getSimpleName()) {
            case "Connector" -> "connector";
            case "RemoteFiles" -> "sftp";
            case "RemoteFile" -> "file";
            default -> "source";
        };
    }

    Connector around(Connector connector) {
        return proxy(Connector.class, connector, Optional.empty());
    }

    ObjectReader around(ObjectReader reader) {
        return proxy(ObjectReader.class, reader, Optional.empty());
    }

    /**
     * @param connection what to break when a fault cuts the connection; without, a connection that it makes itself
     */
    private <T> T proxy(Class<T> port, T inner, Optional<RemoteFiles> connection) {
        return port.cast(Proxy.newProxyInstance(
                Steps.class.getClassLoader(),
                new Class<?>[] {port},
                (_, method, arguments) -> isStep(method)
                        ? step(prefix(port) + "." + method.getName(), inner, method, arguments, connection)
                        : call(inner, method, arguments)));
    }

    private @Nullable Object step(
            String name, Object inner, Method method, Object @Nullable [] arguments, Optional<RemoteFiles> connection)
            throws Throwable {
        var cut = new ConnectionCut(method, inner instanceof RemoteFiles files ? Optional.of(files) : connection);
        cut.doIf(gate.pass(name + ".before"));
        Object result = call(inner, method, arguments);
        ConnectionCut after = result instanceof RemoteFiles made ? new ConnectionCut(method, Optional.of(made)) : cut;
        after.doIf(gate.pass(name + ".after"));
        return switch (result) {
            case RemoteFiles files -> proxy(RemoteFiles.class, files, Optional.empty());
            case RemoteFile file -> proxy(RemoteFile.class, file, after.connection());
            case null, default -> result;
        };
    }

    private static @Nullable Object call(Object inner, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
