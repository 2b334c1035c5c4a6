package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.TransferWork;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in a topic, reading it gives a value or a SerializationException; the stream goes on after both. */
class PoisonTest {
    private static final FileEvent EVENT = new CancelRequested(
            new FileId("abcdefghijklmnopqrstuvwxyz"), Instant.parse("2026-03-02T08:15:30Z"), 1, "ops", "wrong file");

    private final DomainSerdes serdes = DomainSerdes.of(new InMemorySchemaRegistry());
    private final Deserializer<FileEvent> events = serdes.fileEvent().deserializer();
    private final byte[] good = serdes.fileEvent().serializer().serialize("file-events", EVENT);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void shouldRefuseARecordWithoutHeader(int length) {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(Arrays.copyOf(good, length)))
                .withMessageContaining("got " + length + " bytes");
    }

    @Test
    void shouldRefuseAnotherFormat() {
        byte[] json = "{\"type\":\"ARRIVED\"}".getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(json))
                .withMessageContaining("begin with 123");
    }

    @Test
    void shouldRefuseEveryRecordThatIsCutOff() {
        for (int length = RegistryAvroSerializer.HEADER_BYTES; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> read(cut));
        }
    }

    @Test
    void shouldRefuseASchemaThatNobodyRegistered() {
        byte[] unknown = good.clone();
        ByteBuffer.wrap(unknown).putInt(1, 4711);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(unknown))
                .withMessageContaining("4711");
    }

    @Property(seed = "4711", tries = 20)
    @Domain(DomainArbitraries.class)
    @Domain(DomainContext.Global.class)
    void shouldRefuseARecordOfAnotherTopic(@ForAll TransferWork work) {
        byte[] bytes = serdes.transferWork().serializer().serialize("transfer-work", work);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(bytes))
                .withMessageContaining("makes no sense");
    }

    @Test
    void shouldRefuseAvroThatTheDomainDoesNotAccept() {
        var registry = new InMemorySchemaRegistry();
        var shapeless = io.waybill.avro.FileEvent.newBuilder()
                .setFileId("no-id")
                .setAt(Instant.EPOCH)
                .build();
        byte[] bytes = new RegistryAvroSerializer(registry).serialize("file-events", shapeless);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(
                        () -> DomainSerdes.of(registry).fileEvent().deserializer().deserialize("file-events", bytes))
                .withMessageContaining("no-id");
    }

    @Property(seed = "4711", tries = 5000)
    void shouldThrowNothingElseWhateverTheBytes(@ForAll byte[] bytes) {
        var record = new byte[good.length];
        System.arraycopy(good, 0, record, 0, good.length);
        for (int i = 0; i < bytes.length; i++) {
            record[RegistryAvroSerializer.HEADER_BYTES + i % (good.length - RegistryAvroSerializer.HEADER_BYTES)] ^=
                    bytes[i];
        }
        try {
            read(record);
        } catch (SerializationException expected) {
            assertThat(expected).hasMessageContaining("file-events");
        }
    }

    /** A schema that contains itself, without an end: reading it fills the stack. */
    @Test
    void shouldRefuseARecordWhoseSchemaNeverEnds() {
        var registry = new InMemorySchemaRegistry();
        Schema endless = Schema.createRecord("FileEvent", null, "io.waybill.avro", false);
        endless.setFields(List.of(new Schema.Field("fileId", endless)));
        byte[] bytes = written(registry, endless, 4);

        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(
                        () -> DomainSerdes.of(registry).fileEvent().deserializer().deserialize("file-events", bytes))
                .withMessageContaining("file-events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.Runtime", "io.waybill.avro.Nothing", "io.waybill.avro.fileEvent"})
    void shouldRefuseARecordWhoseSchemaNamesAnotherClass(String name) {
        var registry = new InMemorySchemaRegistry();
        Schema other = SchemaBuilder.record(name).fields().requiredString("fileId").endRecord();
        byte[] bytes = written(registry, other, 9);

        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(
                        () -> DomainSerdes.of(registry).fileEvent().deserializer().deserialize("file-events", bytes));
    }

    /** A length that no memory has room for, in a record of a few bytes. */
    @Test
    void shouldRefuseARecordThatClaimsToBeEndless() {
        var registry = new InMemorySchemaRegistry();
        Schema nulls = SchemaBuilder.record("io.waybill.avro.FileEvent")
                .fields()
                .name("nothing")
                .type(Schema.createArray(Schema.create(Schema.Type.NULL)))
                .noDefault()
                .endRecord();
        byte[] bytes = written(registry, nulls, 12);
        // The largest number of items.
        for (int i = RegistryAvroSerializer.HEADER_BYTES; i < bytes.length; i++) {
            bytes[i] = (byte) 0xfe;
        }
        bytes[RegistryAvroSerializer.HEADER_BYTES + 4] = 0x0f;

        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(
                        () -> DomainSerdes.of(registry).fileEvent().deserializer().deserialize("file-events", bytes));
    }

    private static byte[] written(SchemaRegistry registry, Schema schema, int bytes) {
        return ByteBuffer.allocate(RegistryAvroSerializer.HEADER_BYTES + bytes)
                .put(RegistryAvroSerializer.MAGIC)
                .putInt(registry.register("file-events-value", schema))
                .array();
    }

    @Test
    void shouldRefuseAKeyThatIsNoFileId() {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serdes.fileId()
                        .deserializer()
                        .deserialize("file-events", "acme#1".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("file-events");
    }

    @Test
    void shouldReadItsOwnKeys() {
        byte[] bytes = serdes.fileId().serializer().serialize("file-events", EVENT.id());
        assertThat(bytes).asString().isEqualTo(EVENT.id().value());
        assertThat(serdes.fileId().deserializer().deserialize("file-events", bytes)).isEqualTo(EVENT.id());
    }

    @Test
    void shouldSayWhichConfiguredClassDoesNotExist() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> DomainSerdes.from(Map.of(
                        "schema.registry.url", "http://localhost:1", "avro.serializer.class", "com.example.Missing")))
                .withMessageContaining("com.example.Missing");
    }

    private FileEvent read(byte[] bytes) {
        return events.deserialize("file-events", bytes);
    }
}
