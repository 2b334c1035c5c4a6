package io.waybill.devstack.servers.s3;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.shaded.org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.gaul.shaded.org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.gaul.shaded.org.eclipse.jetty.http.HttpCompliance;
import org.gaul.shaded.org.eclipse.jetty.http.UriCompliance;
import org.gaul.shaded.org.eclipse.jetty.server.HttpConfiguration;
import org.gaul.shaded.org.eclipse.jetty.server.HttpConnectionFactory;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.server.ServerConnector;
import org.gaul.shaded.org.eclipse.jetty.server.handler.GracefulHandler;
import org.gaul.shaded.org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP server of a store: path-style addresses, signed requests, one pair of keys. It is the Jetty inside S3Proxy's
 * jar, set up as S3Proxy sets it up. One thread starts and closes it.
 */
public final class S3HttpServer implements AutoCloseable {
    private static final int MOST_THREADS = 200;
    private static final int FEWEST_THREADS = 4;
    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;
    private static final long STOP_LIMIT_MILLIS = 500;

    private final Server server;

    /**
     * @param endpoint host and port to listen on
     */
    public S3HttpServer(URI endpoint, BlobStore store, String accessKey, String secretKey, InstantSource clock) {
        var threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        threads.setName("embedded-s3");
        server = new Server(threads);
        var connector =
                new ServerConnector(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(lenientConfiguration()));
        connector.setHost(endpoint.getHost());
        connector.setPort(endpoint.getPort());
        server.addConnector(connector);
        var context = new ServletContextHandler();
        context.addServlet(
                new ServletHolder(new S3Servlet(store, new RequestSignature(accessKey, secretKey, clock))), "/*");
        server.setHandler(new GracefulHandler(context));
        server.setStopTimeout(STOP_LIMIT_MILLIS);
    }

    /** Keys may have parts that are no proper parts of an address. */
    private static HttpConfiguration lenientConfiguration() {
        var configuration = new HttpConfiguration();
        configuration.setHttpCompliance(HttpCompliance.LEGACY);
        configuration.setUriCompliance(UriCompliance.LEGACY);
        configuration.setHeaderCacheCaseSensitive(true);
        configuration.setSendServerVersion(false);
        return configuration;
    }

    /** Returns when the server accepts connections. */
    public void start() throws IOException {
        run(server::start, "start");
    }

    /** Gives running requests half a second, then breaks them off. */
    @Override
    public void close() throws IOException {
        run(this::stopOrBreakOff, "stop");
    }

    private void stopOrBreakOff() throws Exception {
        try {
            server.stop();
        } catch (TimeoutException brokenOff) {
            // Thrown after everything has stopped: some request or connection did not end in time.
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Jetty declares {@code Exception}. What it throws is I/O or a bug. */
    private static void run(Step step, String what) throws IOException {
        try {
            step.run();
        } catch (IOException | RuntimeException as) {
            throw as;
        } catch (Exception broken) {
            throw new IOException("the embedded S3 store did not " + what, broken);
        }
    }
}
