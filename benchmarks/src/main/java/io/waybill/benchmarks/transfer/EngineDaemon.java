package io.waybill.benchmarks.transfer;

import static java.util.Objects.requireNonNull;

import io.waybill.benchmarks.engine.WaybillEngine;
import io.waybill.benchmarks.engine.WaybillEngine.Server;
import io.waybill.benchmarks.transfer.Exchange.Order;
import io.waybill.domain.SourceObject;
import io.waybill.store.ObjectCatalog.Answer.Found;
import io.waybill.store.ObjectReader;
import io.waybill.store.ObjectStore;
import io.waybill.store.ObjectVersion;
import io.waybill.testkit.SftpDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program that holds the product's engine. One engine for each server, store and shape that it was asked for. */
public final class EngineDaemon implements Exchange.Sender {
    private final Map<Place, WaybillEngine> engines = new HashMap<>();
    private final Map<Origin, List<SourceObject>> found = new HashMap<>();
    private @Nullable WaybillEngine engine;
    private List<SourceObject> objects = List.of();

    private EngineDaemon() {}

    private record Place(Server server, String store) {}

    private record Origin(String store, String bucket, int count) {}

    public static void main(String[] arguments) throws IOException {
        Exchange.serve(new EngineDaemon());
    }

    @Override
    public void prepare(Order order) throws Exception {
        var origin = new Origin(order.store(), order.bucket(), order.names().size());
        if (!found.containsKey(origin)) {
            found.put(origin, order.store().isEmpty() ? files(order) : stored(order));
        }
        objects = requireNonNull(found.get(origin));
        var destination =
                new SftpDestination(order.port(), order.user(), order.key(), order.hostKey(), order.directory());
        var server = new Server(destination, order.connections(), order.inFlight());
        engine = engines.computeIfAbsent(
                new Place(server, order.store()), _ -> new WaybillEngine(server, reader(order.store())));
    }

    private static ObjectReader reader(String store) {
        return store.isEmpty() ? new Directories() : ObjectStore.reader(StoreDaemon.settings(store));
    }

    private static List<SourceObject> files(Order order) throws IOException {
        List<SourceObject> files = new ArrayList<>();
        for (String name : order.names()) {
            long size = Files.size(Path.of(order.bucket(), name));
            files.add(new SourceObject(order.bucket(), name, null, "none", size, Instant.EPOCH));
        }
        return files;
    }

    private static List<SourceObject> stored(Order order) throws IOException {
        List<SourceObject> objects = new ArrayList<>();
        try (var store = ObjectStore.catalog(StoreDaemon.settings(order.store()))) {
            for (String name : order.names()) {
                objects.add(((Found) store.describe(new ObjectVersion(order.bucket(), name, null))).object());
            }
        }
        return objects;
    }

    @Override
    public void send() throws IOException, InterruptedException {
        requireNonNull(engine).deliver(objects);
    }
}
