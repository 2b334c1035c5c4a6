package io.waybill.benchmarks.micro;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Lane;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.PathTemplate.Expansion;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Timeouts;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a file is called: its id, its path at the destination, and the lane of that path. */
@State(Scope.Benchmark)
public class NamingCost {
    private static final DestinationName PARTNER = new DestinationName("partner");

    private final PathTemplate template = PathTemplate.parse("/incoming/{route}/{stem}-{bucket}{extension}");
    private final Route route = new Route(
            new RouteName("invoices"), new SourceFilter("outbound", "invoices/", ""),
            new Delivery(PARTNER, template, ConflictPolicy.REPLACE, Proof.SIZE, false), RetryPolicy.DEFAULT,
            Timeouts.DEFAULT, false, Route.DEFAULT_RETENTION);
    private final SourceObject source = new SourceObject(
            "outbound", "invoices/2026/01/31/invoice-4711.csv", null, "\"9b2cf535f27731c974343645a3985328\"", 48_213,
            Instant.EPOCH);
    private final RemotePath path = new RemotePath("/incoming/invoices/invoice-4711-outbound.csv");

    @Benchmark
    public FileId id() {
        return FileId.of(route.name(), source.bucket(), source.key(), source.version());
    }

    @Benchmark
    public Expansion path() {
        return template.expand(route, source);
    }

    @Benchmark
    public Lane lane() {
        return Lane.of(PARTNER, path, 8);
    }
}
