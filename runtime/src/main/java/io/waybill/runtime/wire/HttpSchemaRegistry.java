package io.waybill.runtime.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.domain.Texts;
import io.waybill.runtime.call.WholeAnswers;
import io.waybill.runtime.pem.Authorities;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.time.Backoff;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The registry at the other end of Confluent's REST protocol (also Apicurio's {@code /apis/ccompat/v7}). Ids and
 * schemas that it answered are kept, because neither ever changes its meaning. A server that does not answer, or
 * answers with a 5xx, 408 or 429, is asked again, then the next URL, for some seconds in all.
 */
final class HttpSchemaRegistry implements SchemaRegistry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final int ROUNDS = 6;
    /** Characters kept of an answer in a message. */
    private static final int LONGEST_QUOTE = 1_000;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    /** A time-out and too many requests: 4xx by number, but they pass like a 5xx. */
    private static final Set<Integer> PASSING = Set.of(408, 429);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofMinutes(1));

    private record Registered(String subject, Schema schema) {}

    private final RegistrySettings settings;
    private final HttpClient http;
    private final Map<Registered, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    HttpSchemaRegistry(RegistrySettings settings) {
        this.settings = settings;
        this.http = client(settings, REQUEST_TIMEOUT);
    }

    /** A client that trusts whom the settings say. */
    static HttpClient client(RegistrySettings settings, Duration connectLimit) {
        var builder = HttpClient.newBuilder().connectTimeout(connectLimit);
        settings.trustStore().ifPresent(store -> builder.sslContext(trusting(store)));
        return builder.build();
    }

    private static SSLContext trusting(RegistrySettings.TrustStore settings) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(settings), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException("schema.registry.ssl.truststore.location", settings.location(), e.toString());
        } catch (BadPemException e) {
            throw new ConfigException(
                    "schema.registry.ssl.truststore.location", settings.location(), String.valueOf(e.getMessage()));
        }
    }

    private static TrustManager[] trustManagers(RegistrySettings.TrustStore settings)
            throws IOException, GeneralSecurityException, BadPemException {
        Path location = Path.of(settings.location());
        if (settings.type().equals("PEM")) {
            return Authorities.read(location).trustManagers();
        }
        try (InputStream file = Files.newInputStream(location)) {
            var store = KeyStore.getInstance(settings.type());
            store.load(file, settings.password().map(String::toCharArray).orElse(null));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        }
    }

    @Override
    public int register(String subject, Schema schema) {
        return idOf(subject, schema, "/subjects/" + encoded(subject) + "/versions");
    }

    @Override
    public int lookUp(String subject, Schema schema) {
        return idOf(subject, schema, "/subjects/" + encoded(subject));
    }

    private int idOf(String subject, Schema schema, String path) {
        var key = new Registered(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
        int id = ask(path, body, "id").asInt();
        ids.put(key, id);
        schemas.put(id, schema);
        return id;
    }

    @Override
    public Schema byId(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        String text = ask("/schemas/ids/" + id, null, "schema").asText();
        try {
            var schema = new Schema.Parser().parse(text);
            schemas.put(id, schema);
            return schema;
        } catch (RuntimeException | StackOverflowError e) {
            // The parser has several exceptions for a text that is no schema, and follows a nested one without end.
            throw new SerializationException("what the registry has under id " + id + " is not an Avro schema", e);
        }
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Asks the servers, and returns one field of the answer.
     *
     * @param body  null to ask about an id
     * @param field the wanted field; an answer without it does not come from a registry
     */
    private JsonNode ask(String path, @Nullable String body, String field) {
        String last = "";
        boolean strange = false;
        for (int round = 1; round <= ROUNDS; round++) {
            for (URI base : settings.urls()) {
                try {
                    HttpResponse<String> answer = send(URI.create(base + path), body);
                    int status = answer.statusCode();
                    settings.login().answered(Texts.masked(base.toString()), status);
                    last = Texts.masked(base + path) + " answered " + status + " "
                            + Texts.cut(answer.body(), LONGEST_QUOTE);
                    strange = status < 300;
                    if (status < 300) {
                        JsonNode wanted = JSON.readTree(answer.body()).path(field);
                        if (!wanted.isMissingNode()) {
                            return wanted;
                        }
                    } else if (status < 500 && !PASSING.contains(status) && !lostARace(answer)) {
                        String refusal = "the schema registry refuses: " + last;
                        throw body == null && !knowsNoSuchId(answer)
                                ? new RefusedException(refusal)
                                : new SerializationException(refusal);
                    }
                } catch (IOException e) {
                    last = Texts.masked(base + path) + ": " + Reasons.of(e);
                }
            }
            pause(BACKOFF.after(round));
        }
        if (strange && body == null && answersAsARegistry()) {
            throw new SerializationException("the schema registry has no schema of this id: " + last);
        }
        throw new TimeoutException("the schema registry does not answer: " + last);
    }

    /**
     * Whether a server answers another question as a registry does. If so, a strange answer about one id is a fault of
     * that id, and its records must not stop the reader. If not, something else answers in the registry's place, and every
     * record would become a dead letter.
     */
    private boolean answersAsARegistry() {
        for (URI base : settings.urls()) {
            try {
                HttpResponse<String> answer = send(URI.create(base + "/subjects"), null);
                if (answer.statusCode() < 300 && JSON.readTree(answer.body()).isArray()) {
                    return true;
                }
            } catch (IOException e) {
                // The next server may answer.
            }
        }
        return false;
    }

    /**
     * Whether a refusal is about the id in the request, and so about the record that has the id. Every other refusal,
     * for example because of an expired password or by a gateway, would hold for every record, and all of them would
     * become dead letters.
     */
    private static boolean knowsNoSuchId(HttpResponse<String> answer) {
        try {
            return answer.statusCode() == NOT_FOUND
                    && JSON.readTree(answer.body()).path("error_code").isNumber();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /**
     * The registry refused to answer about an id, and the id is not the reason. The reader must not go past the record.
     */
    private static final class RefusedException extends RetriableException {
        private static final long serialVersionUID = 1;

        RefusedException(String refusal) {
            super(refusal);
        }
    }

    /**
     * Apicurio refuses the slower of two registrations at the same time, as after an upgrade, when several services
     * meet a new schema. Asked again, it gives the id. An incompatible schema is 409, too, and is final.
     */
    private static boolean lostARace(HttpResponse<String> answer) {
        return answer.statusCode() == CONFLICT && answer.body().contains("already exists");
    }

    private HttpResponse<String> send(URI address, @Nullable String body) throws IOException {
        var request = HttpRequest.newBuilder(address).timeout(REQUEST_TIMEOUT).header("Accept", MEDIA_TYPE);
        settings.authorization().ifPresent(value -> request.header("Authorization", value));
        if (body != null) {
            request.header("Content-Type", MEDIA_TYPE).POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            return WholeAnswers.await(http, request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void pause(Duration time) {
        try {
            if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("the schema registry client was closed while it waited to ask again");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        http.shutdownNow();
    }
}
