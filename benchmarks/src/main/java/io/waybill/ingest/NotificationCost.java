package io.waybill.ingest;

import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import io.waybill.ingest.ObjectEvent.Created;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a notification says, and which of {@value #ROUTES} routes take its object. */
@State(Scope.Benchmark)
public class NotificationCost {
    private static final int ROUTES = 100;

    private final byte[] record = """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-central-1",\
            "eventTime":"2026-01-31T08:15:30.000Z","eventName":"ObjectCreated:Put",\
            "userIdentity":{"principalId":"AWS:AIDAJDPLRKLG7UEXAMPLE"},\
            "requestParameters":{"sourceIPAddress":"192.0.2.7"},\
            "responseElements":{"x-amz-request-id":"C3D13FE58DE4C810","x-amz-id-2":"FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG"},\
            "s3":{"s3SchemaVersion":"1.0","configurationId":"waybill",\
            "bucket":{"name":"outbound","ownerIdentity":{"principalId":"A3NL1KOZZKExample"},\
            "arn":"arn:aws:s3:::outbound"},\
            "object":{"key":"route-70/2026/01/31/invoice+4711.csv","size":48213,\
            "eTag":"9b2cf535f27731c974343645a3985328","versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko",\
            "sequencer":"0055AED6DCD90281E5"}}}]}""".getBytes(StandardCharsets.UTF_8);
    private final Routing routing = new Routing(IntStream.range(0, ROUTES)
            .mapToObj(number -> new Route(
                    new RouteName("route-" + number), new SourceFilter("outbound", "route-" + number + "/", ""), null,
                    RetryPolicy.DEFAULT, Timeouts.DEFAULT, true, Route.DEFAULT_RETENTION))
            .toList());
    private final Created object = object(NotificationReader.read(record).getFirst());

    private static Created object(ObjectEvent objectEvent) {
        if (objectEvent instanceof Created created) {
            return created;
        }
        throw new IllegalStateException("the notification tells of an object, but was read as " + objectEvent);
    }

    @Benchmark
    public List<ObjectEvent> read() {
        return NotificationReader.read(record);
    }

    @Benchmark
    public List<Route> route() {
        return routing.of(object);
    }
}
