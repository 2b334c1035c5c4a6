package io.waybill.testkit.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A port of a Service: passes each connection to one of the pods that are ready, and refuses it if there is none. */
final class ServiceRelay implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket listening;
    private final Supplier<List<InetSocketAddress>> endpoints;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    ServiceRelay(String address, int port, Supplier<List<InetSocketAddress>> endpoints) throws IOException {
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        this.endpoints = endpoints;
        Thread.ofVirtual().name("service-" + address).start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().name("service-connection").start(() -> relay(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void relay(Socket client) {
        var ready = endpoints.get();
        try (client;
                var pod = new Socket()) {
            open.add(client);
            if (ready.isEmpty()) {
                client.setSoLinger(true, 0);
                return;
            }
            pod.connect(ready.get(Math.floorMod(turn.getAndIncrement(), ready.size())), CONNECT_MILLIS);
            open.add(pod);
            client.setTcpNoDelay(true);
            pod.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().name("service-answers").start(() -> copy(pod, client));
            copy(client, pod);
            back.join();
        } catch (IOException e) {
            // The connection ends, as the one behind it did.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            closeBoth(from, to);
        }
    }

    private static void closeBoth(Socket one, Socket other) {
        try (one;
                other) {
            one.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket one : open) {
                one.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a Service does not close", e);
        }
    }
}
