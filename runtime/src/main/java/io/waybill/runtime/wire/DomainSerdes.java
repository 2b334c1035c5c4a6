package io.waybill.runtime.wire;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IngestRetry;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.TransferWork;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.live.WorkerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The serdes of domain types. They share one serializer and one deserializer, and so one cache of schemas. Closing a
 * serde does nothing; closing this object closes all of them. Safe for several threads.
 *
 * <p>A record that is valid Avro but that the domain does not accept fails to deserialize, like any other poison.
 */
public final class DomainSerdes implements AutoCloseable {
    static {
        // Avro instantiates only classes that it is told to trust, for the whole process or not at all.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(io.waybill.avro.FileEvent.class.getPackageName())));
    }

    private final Serializer<Object> serializer;
    private final Deserializer<Object> deserializer;
    private final LoginWatch login;

    private DomainSerdes(Serializer<Object> serializer, Deserializer<Object> deserializer, LoginWatch login) {
        this.serializer = serializer;
        this.deserializer = deserializer;
        this.login = login;
    }

    /** The serdes over a given registry, which the caller closes last. */
    public static DomainSerdes of(SchemaRegistry registry) {
        return new DomainSerdes(
                new RegistryAvroSerializer(registry), new RegistryAvroDeserializer(registry), new LoginWatch());
    }

    /**
     * The serdes by configuration: {@code avro.serializer.class} and {@code avro.deserializer.class} may replace the
     * build's own classes. Those are ours unless the build used the profile {@code confluent}. Every property is passed
     * on to them.
     */
    @SuppressWarnings("unchecked") // Kafka instantiates classes by name; their record type cannot be checked.
    public static DomainSerdes from(Map<String, String> properties) {
        Map<String, Object> settings = builtIn();
        settings.putAll(properties);
        settings.put("specific.avro.reader", "true");
        var login = new LoginWatch();
        settings.put(LoginWatch.PROPERTY, login);
        Serializer<Object> serializer =
                instance(settings.get("avro.serializer.class"), Serializer.class, RegistryAvroSerializer.class);
        Deserializer<Object> deserializer = instance(
                settings.get("avro.deserializer.class"), Deserializer.class, RegistryAvroDeserializer.class);
        serializer.configure(settings, false);
        deserializer.configure(settings, false);
        return new DomainSerdes(serializer, deserializer, login);
    }

    /** Whether the registry's last answer was that it does not know the login. Only our own classes tell that. */
    public boolean loginRefused() {
        return login.refused();
    }

    /** The file exists only in a build with other classes than ours. */
    private static Map<String, Object> builtIn() {
        var settings = new Properties();
        try (InputStream file = DomainSerdes.class.getResourceAsStream("serde.properties")) {
            if (file != null) {
                settings.load(file);
            }
        } catch (IOException e) {
            throw new ConfigException("the settings of the serdes cannot be read from the class path: " + e);
        }
        var byName = new HashMap<String, Object>();
        settings.forEach((name, value) -> byName.put(name.toString(), value));
        return byName;
    }

    private static <T> T instance(@Nullable Object name, Class<T> type, Class<? extends T> ours) {
        try {
            return name == null ? Utils.newInstance(ours) : Utils.newInstance(name.toString(), type);
        } catch (ClassNotFoundException e) {
            throw new ConfigException("there is no class " + name + " on the class path");
        }
    }

    /** Keys that are file ids, as text. */
    public Serde<FileId> fileId() {
        return Serdes.serdeFrom(
                (topic, id) -> id == null ? null : Serdes.String().serializer().serialize(topic, id.value()),
                (topic, bytes) -> {
                    if (bytes == null) {
                        return null;
                    }
                    try {
                        return new FileId(Serdes.String().deserializer().deserialize(topic, bytes));
                    } catch (IllegalArgumentException e) {
                        throw new SerializationException("the key of a record of " + topic + " is no file id", e);
                    }
                });
    }

    public Serde<FileEvent> fileEvent() {
        return mapped(new FileEventCodec());
    }

    public Serde<FileState> fileState() {
        return mapped(new FileStateCodec());
    }

    public Serde<TransferWork> transferWork() {
        return mapped(new TransferWorkCodec());
    }

    public Serde<LedgerMark> ledgerMark() {
        return mapped(new LedgerMarkCodec());
    }

    public Serde<IndexEntry> indexEntry() {
        return mapped(new IndexEntryCodec());
    }

    public Serde<ControlRecord> control() {
        return mapped(new ControlCodec());
    }

    public Serde<IngestRetry> ingestRetry() {
        return mapped(new IngestRetryCodec());
    }

    public Serde<WorkerStatus> workerStatus() {
        return mapped(new WorkerStatusCodec());
    }

    public Serde<ReadyFile> readyFile() {
        return mapped(new ReadyFileCodec());
    }

    /** Of {@code audit-entries}. */
    public Serde<AuditEntry> auditEntry() {
        return mapped(new AuditEntryCodec());
    }

    /** Of {@code audit}. */
    public Serde<AuditRecord> auditRecord() {
        return mapped(new AuditRecordCodec());
    }

    public Serde<DeadLetter> deadLetter() {
        return mapped(new DeadLetterCodec());
    }

    private <D, A extends SpecificRecord> Serde<D> mapped(Codec<D, A> codec) {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : serializer.serialize(topic, codec.toWire(value)),
                (topic, bytes) -> {
                    Object record = deserialized(topic, bytes);
                    if (record == null) {
                        return null;
                    }
                    try {
                        return codec.fromWire(codec.wireType().cast(record));
                    } catch (RuntimeException e) {
                        // A value that the domain cannot accept is the record's fault. It must not stop the reader.
                        throw new SerializationException(
                                "a record of " + topic + " makes no sense: " + e.getMessage(), e);
                    }
                });
    }

    /** A record that fills the stack is poison for every deserializer, not only for ours. */
    private @Nullable Object deserialized(String topic, byte @Nullable [] bytes) {
        try {
            return deserializer.deserialize(topic, bytes);
        } catch (StackOverflowError e) {
            throw new SerializationException("cannot read a record of " + topic, e);
        }
    }

    @Override
    public void close() {
        serializer.close();
        deserializer.close();
    }
}
