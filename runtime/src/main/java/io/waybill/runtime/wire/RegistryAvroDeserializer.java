package io.waybill.runtime.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records that {@link RegistryAvroSerializer} and Confluent's serializer write. With
 * {@code specific.avro.reader=true} a record becomes the generated class that its writer's schema names, whatever
 * version of that schema wrote it; otherwise a generic record. Takes Confluent's property names. Safe for several
 * threads once configured.
 */
public final class RegistryAvroDeserializer implements Deserializer<Object> {
    private final Map<Integer, GenericDatumReader<Object>> readers = new ConcurrentHashMap<>();
    private @Nullable SchemaRegistry registry;
    private boolean specific;

    /** For Kafka, which calls {@link #configure} next. */
    public RegistryAvroDeserializer() {}

    /** Uses a registry that the caller closes, and reads generated classes. */
    public RegistryAvroDeserializer(SchemaRegistry registry) {
        this.registry = registry;
        this.specific = true;
    }

    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        if (registry == null) {
            registry = new HttpSchemaRegistry(RegistrySettings.from(properties));
            specific = Boolean.parseBoolean(String.valueOf(properties.get("specific.avro.reader")));
        }
    }

    @Override
    public @Nullable Object deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length < RegistryAvroSerializer.HEADER_BYTES || bytes[0] != RegistryAvroSerializer.MAGIC) {
            throw new SerializationException(
                    "not in Confluent's wire format: expected a zero byte and a schema id, got "
                            + bytes.length + " bytes" + (bytes.length > 0 ? " that begin with " + bytes[0] : ""));
        }
        int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        GenericDatumReader<Object> reader = readers.computeIfAbsent(id, this::reader);
        BinaryDecoder decoder = DecoderFactory.get()
                .binaryDecoder(
                        bytes,
                        RegistryAvroSerializer.HEADER_BYTES,
                        bytes.length - RegistryAvroSerializer.HEADER_BYTES,
                        null);
        try {
            return reader.read(null, decoder);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Anybody may register a schema and write records of it. With a schema that contains itself, Avro reads
            // until the stack is full. The stack is free again here, so the process is not in doubt. That there is no
            // memory is no fault of the record: Avro compares lengths with what is left of it.
            throw new SerializationException("cannot read a record of " + topic + " with schema id " + id, e);
        }
    }

    private GenericDatumReader<Object> reader(int id) {
        if (registry == null) {
            throw new IllegalStateException("configure() comes before deserialize()");
        }
        Schema writer = registry.byId(id);
        return specific ? specific(writer, id) : new GenericDatumReader<>(writer);
    }

    private static GenericDatumReader<Object> specific(Schema writer, int id) {
        Class<?> type;
        try {
            type = SpecificData.get().getClass(writer);
        } catch (RuntimeException | LinkageError e) {
            // Whoever registered the schema chose the name of the class.
            throw new SerializationException("no class can be had for the schema of id " + id, e);
        }
        if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
            throw new SerializationException(
                    "there is no class for the schema " + writer.getFullName() + " of id " + id);
        }
        return new SpecificDatumReader<>(writer, SpecificData.get().getSchema(type));
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
