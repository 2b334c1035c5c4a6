package io.waybill.runtime.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records in Confluent's wire format: a zero byte, the schema's id in four bytes, big-endian, the record in
 * Avro's binary encoding. The subject is the topic's name with {@code -value} or {@code -key}. Takes Confluent's
 * property names. Safe for several threads once configured.
 */
public final class RegistryAvroSerializer implements Serializer<Object> {
    static final byte MAGIC = 0;
    static final int HEADER_BYTES = 1 + Integer.BYTES;

    private final Map<Schema, SpecificDatumWriter<Object>> writers = new ConcurrentHashMap<>();
    private @Nullable SchemaRegistry registry;
    private boolean autoRegister = true;
    private boolean key;

    /** For Kafka, which calls {@link #configure} next. */
    public RegistryAvroSerializer() {}

    /** Uses a registry that the caller closes. */
    public RegistryAvroSerializer(SchemaRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        key = isKey;
        if (registry == null) {
            var settings = RegistrySettings.from(properties);
            autoRegister = settings.autoRegister();
            registry = new HttpSchemaRegistry(settings);
        }
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof GenericContainer container)) {
            throw new SerializationException(
                    "expected an Avro record, was " + value.getClass().getName());
        }
        if (registry == null) {
            throw new IllegalStateException("configure() comes before serialize()");
        }
        String subject = topic + (key ? "-key" : "-value");
        int id = autoRegister
                ? registry.register(subject, container.getSchema())
                : registry.lookUp(subject, container.getSchema());
        var bytes = new ByteArrayOutputStream(256);
        bytes.writeBytes(ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        var writer = value instanceof SpecificRecord
                // Kept, because making one looks up a field of the class by reflection.
                ? writers.computeIfAbsent(container.getSchema(), schema -> new SpecificDatumWriter<>(schema))
                : new GenericDatumWriter<Object>(container.getSchema());
        try {
            writer.write(value, encoder);
            encoder.flush();
        } catch (IOException | AvroRuntimeException e) {
            throw new SerializationException("cannot write " + container.getSchema().getFullName() + " to " + topic, e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
