package io.waybill.benchmarks.camel;

import static java.util.Objects.requireNonNull;

import io.waybill.benchmarks.transfer.Exchange;
import io.waybill.benchmarks.transfer.Exchange.Order;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The program that holds Camel. There are as many routes as connections are allowed, each with an endpoint of its own,
 * since Camel serves the files of one endpoint one after the other. Objects are asked for by name, which is faster than to
 * poll the bucket; files are written under their final names; nothing is cached in between.
 */
public final class CamelDaemon implements Exchange.Sender {
    private static final int STORE_CONNECTIONS = 64;
    private static final String TO_THE_TOP = "../../../../../../../..";

    private final Map<Place, CamelContext> contexts = new HashMap<>();
    private @Nullable CamelContext context;
    private @Nullable Order order;

    private CamelDaemon() {}

    private record Place(String store, String bucket, int port, int connections) {}

    public static void main(String[] arguments) throws IOException {
        Exchange.serve(new CamelDaemon());
    }

    @Override
    public void prepare(Order next) throws Exception {
        order = next;
        var place = new Place(next.store(), next.bucket(), next.port(), next.connections());
        CamelContext present = contexts.get(place);
        if (present == null) {
            present = started(next);
            contexts.put(place, present);
        }
        context = present;
    }

    private CamelContext started(Order next) throws Exception {
        var made = new DefaultCamelContext();
        made.setStreamCaching(false);
        made.getRegistry().bind("store", store(next.store()));
        made.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (int lane = 0; lane < next.connections(); lane++) {
                    from("direct:lane-" + lane)
                            .to("aws2-s3://" + next.bucket() + "?amazonS3Client=#store&operation=getObject")
                            .to(target(next, lane));
                }
            }
        });
        made.start();
        return made;
    }

    private static S3Client store(String address) {
        return S3Client.builder()
                .endpointOverride(URI.create(address))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("waybill", "waybill-secret")))
                .httpClient(Apache5HttpClient.builder().maxConnections(STORE_CONNECTIONS).build())
                .build();
    }

    private static String target(Order next, int lane) {
        // Its directories are below the user's home, so an absolute path leads out of there first. The time-out differs
        // so that each lane has an endpoint, and so a connection, of its own.
        return "sftp://%s@127.0.0.1:%d/%s%s?privateKeyFile=%s&connectTimeout=%d"
                .formatted(next.user(), next.port(), TO_THE_TOP, next.directory(), next.key(), 30_000 + lane)
                + "&strictHostKeyChecking=no&useUserKnownHostsFile=false&preferredAuthentications=publickey"
                + "&autoCreate=false&stepwise=false&bulkRequests=128&bufferSize=262144";
    }

    @Override
    public void send() throws Exception {
        Order now = requireNonNull(order);
        CamelContext sender = requireNonNull(context);
        Queue<String> names = new ConcurrentLinkedQueue<>(now.names());
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        try (ProducerTemplate template = sender.createProducerTemplate()) {
            for (int lane = 0; lane < now.connections(); lane++) {
                String address = "direct:lane-" + lane;
                threads.add(Thread.ofPlatform().start(() -> sendAll(template, address, names, failures)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
    }

    private static void sendAll(
            ProducerTemplate template, String address, Queue<String> names, Queue<Exception> failures) {
        try {
            for (@Nullable String name = names.poll(); name != null; name = names.poll()) {
                template.sendBodyAndHeaders(
                        address,
                        "",
                        Map.of(AWS2S3Constants.KEY, name, org.apache.camel.Exchange.FILE_NAME, name));
            }
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }
}
