package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class WireFormatTest {
    private static final Schema SCHEMA = new Schema.Parser()
            .parse("""
                    {"type": "record", "name": "Parcel", "fields": [
                      {"name": "name", "type": "string"}, {"name": "weight", "type": "long"}]}
                    """);
    private static final GenericRecord PARCEL =
            new GenericRecordBuilder(SCHEMA).set("name", "ab").set("weight", -3L).build();

    private final RememberingRegistry registry = new RememberingRegistry();
    private final RegistryAvroSerializer serializer = new RegistryAvroSerializer(registry);

    @Test
    void shouldWriteAZeroByteTheIdAndTheRecord() {
        registry.register("other-value", Schema.create(Schema.Type.STRING));
        // Avro: a string is its length zigzagged, then UTF-8; -3 zigzagged is 5.
        assertThat(serializer.serialize("parcels", PARCEL))
                .asHexString()
                .isEqualToIgnoringCase("00" + "00000002" + "04" + "6162" + "05");
    }

    @Test
    void shouldRegisterValuesUnderTheTopicsName() {
        serializer.serialize("parcels", PARCEL);
        assertThat(registry.subjects).containsExactly("parcels-value");
    }

    @Test
    void shouldRegisterKeysUnderANameOfTheirOwn() {
        serializer.configure(Map.of(), true);
        serializer.serialize("parcels", PARCEL);
        assertThat(registry.subjects).containsExactly("parcels-key");
    }

    @Test
    void shouldWriteATombstoneForNull() {
        assertThat(serializer.serialize("parcels", null)).isNull();
        assertThat(new RegistryAvroDeserializer(registry).deserialize("parcels", null)).isNull();
    }

    @Test
    void shouldRefuseWhatIsNoAvroRecord() {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serializer.serialize("parcels", "text"))
                .withMessageContaining("java.lang.String");
    }

    @Test
    void shouldSayThatARecordHasNoClassHere() {
        byte[] bytes = serializer.serialize("parcels", PARCEL);
        var specific = new RegistryAvroDeserializer(registry);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> specific.deserialize("parcels", bytes))
                .withMessageContaining("no class for the schema Parcel");
    }

    @Test
    void shouldReadARecordWithoutAClassAsAGenericOne() {
        var bytes = HexFormat.of().parseHex("0000000001046162" + "05");
        try (var server = new StubRegistry()) {
            server.answer("/schemas/ids/1", 200, StubRegistry.schema(SCHEMA));
            var generic = new RegistryAvroDeserializer();
            generic.configure(Map.of("schema.registry.url", server.url()), false);
            assertThat(generic.deserialize("parcels", bytes)).isEqualTo(PARCEL);
            generic.close();
        }
    }

    private static final class RememberingRegistry implements SchemaRegistry {
        final List<String> subjects = new ArrayList<>();
        private final InMemorySchemaRegistry schemas = new InMemorySchemaRegistry();

        @Override
        public int register(String subject, Schema schema) {
            subjects.add(subject);
            return schemas.register(subject, schema);
        }

        @Override
        public int lookUp(String subject, Schema schema) {
            return schemas.lookUp(subject, schema);
        }

        @Override
        public Schema byId(int id) {
            return schemas.byId(id);
        }

        @Override
        public void close() {}
    }
}
