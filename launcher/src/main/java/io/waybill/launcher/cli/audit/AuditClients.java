package io.waybill.launcher.cli.audit;

import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.domain.audit.SigningKey;
import io.waybill.domain.audit.VerifyingKey;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.audit.AuditReader;
import io.waybill.runtime.audit.AuditSettings;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads the audit of a running cluster, and writes entries of commands. For one thread. */
public final class AuditClients implements AutoCloseable {
    private final Context context;
    private final WaybillConfig config;
    private final DomainSerdes serdes;
    private final Topics topics;

    public AuditClients(Context context) {
        this.context = context;
        this.config = context.configuration();
        this.serdes = DomainSerdes.from(config.serde());
        this.topics = Topics.from(config.topics(), serdes);
    }

    WaybillConfig config() {
        return config;
    }

    /** The caller closes it. */
    AuditReader reader() {
        return new AuditReader(new ClientSettings(config.kafka()), topics, context.environment().clock());
    }

    /**
     * Writes the entry of a command that changes Kafka itself, before it does. If that fails, the command must not act.
     *
     * @param by     empty for the user of this process
     * @param detail may be empty
     * @return the entry's request id
     */
    public String write(String what, Target target, String by, String reason, String detail) {
        var entry = new AuditEntry(
                context.environment().clock().instant().truncatedTo(ChronoUnit.MILLIS),
                by.isEmpty() ? System.getProperty("user.name", "") : by,
                AuditEntry.COMMAND_LINE,
                what,
                target,
                reason,
                Outcome.ACCEPTED,
                detail,
                UUID.randomUUID().toString(),
                host(),
                null);
        var serializer = new ByteArraySerializer();
        try (var producer =
                new KafkaProducer<>(new ClientSettings(config.kafka()).producer(), serializer, serializer)) {
            producer.send(topics.auditEntries().record(entry.key(), entry)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        return entry.requestId();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    /** The keys of files; without any, the one of the configuration. */
    List<VerifyingKey> keys(List<Path> files) {
        return files.isEmpty()
                ? config.of(AuditSettings.SECTION).signingKey().map(SigningKey::verifying).stream().toList()
                : keys(context, files);
    }

    /** The keys of files. */
    static List<VerifyingKey> keys(Context context, List<Path> files) {
        return files.stream().map(file -> key(context.environment().directory().resolve(file))).toList();
    }

    private static VerifyingKey key(Path file) {
        try {
            return VerifyingKey.parse(Files.readString(file));
        } catch (IOException e) {
            throw CommandException.usage("--key: " + file + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--key: " + file + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        serdes.close();
    }
}
