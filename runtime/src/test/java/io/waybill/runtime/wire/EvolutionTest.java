package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.avro.FileControl;
import io.waybill.avro.ReleaseCause;
import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Milestone;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** Writers and readers of neighbouring versions run side by side while a cluster is upgraded. */
class EvolutionTest {
    private static final Schema TODAY = io.waybill.avro.FileEvent.getClassSchema();
    private static final FileEvent EVENT = new CancelRequested(
            new FileId("abcdefghijklmnopqrstuvwxyz"), Instant.parse("2026-03-02T08:15:30Z"), 1, "ops", "wrong file");

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();

    @Test
    void shouldReadARecordOfANewerVersionWithAFieldMore() {
        var added = new Schema.Field(
                "urgency", Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
                "Added later.", Schema.Field.NULL_DEFAULT_VALUE);
        Schema tomorrow = fileEvent(Stream.concat(TODAY.getFields().stream(), Stream.of(added)).toList());
        GenericRecord written = written(tomorrow);
        written.put("urgency", "high");
        assertThat(read(written)).isEqualTo(EVENT);
    }

    @Test
    void shouldReadARecordOfAnOlderVersionWithAFieldLess() {
        Schema yesterday = fileEvent(TODAY.getFields().stream()
                .filter(field -> !field.name().equals("deliveredPath"))
                .toList());
        assertThat(read(written(yesterday))).isEqualTo(EVENT);
    }

    @Test
    void shouldPassOverAStepThatOnlyANewerVersionKnows() {
        var codec = new FileEventCodec();
        var failed = new FileEvent.Failed(
                EVENT.id(),
                EVENT.at(),
                Stage.DELIVERY,
                Attempt.FIRST,
                new Failure(FailureKind.STALLED, "no byte for 2 minutes"),
                Map.of(Milestone.CONNECTED, EVENT.at()));
        io.waybill.avro.FileEvent wire = codec.toWire(failed);
        wire.getSteps().put("COMPRESSED", 1L);

        assertThat(codec.fromWire(wire)).isEqualTo(failed);
    }

    @Test
    void shouldReadADeferralOfTheTimeBeforeItHadAKind() {
        var codec = new FileEventCodec();
        var deferred = new FileEvent.Deferred(
                EVENT.id(),
                EVENT.at(),
                Stage.DELIVERY,
                Attempt.FIRST,
                EVENT.at(),
                new Failure(FailureKind.UNREACHABLE, "no route to host"));
        io.waybill.avro.FileEvent wire = codec.toWire(deferred);
        wire.put("failure", null);

        assertThat(codec.fromWire(wire)).isEqualTo(deferred);
    }

    @Test
    void shouldRefuseAnEventOfATypeThatOnlyANewerVersionKnows() {
        Schema type = TODAY.getField("type").schema();
        var symbols = new ArrayList<>(type.getEnumSymbols());
        symbols.add("PAUSE_REQUESTED");
        Schema newer = Schema.createEnum(
                type.getName(), type.getDoc(), type.getNamespace(), symbols, type.getEnumDefault());
        Schema tomorrow = fileEvent(TODAY.getFields().stream()
                .map(field -> field.name().equals("type") ? withSchema(field, newer) : field)
                .toList());
        GenericRecord written = written(tomorrow);
        written.put("type", new GenericData.EnumSymbol(newer, "PAUSE_REQUESTED"));
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(written))
                .withMessageContaining("does not know the type");
    }

    /** Otherwise it would log a warning for each release, each time that it starts. */
    @Test
    void shouldLookToAFormerReaderLikeAControlOfAFileThatNeverComes() throws Exception {
        var release = new Release(
                new Place.Destination(new DestinationName("acme")), EVENT.at(), Release.Cause.ASKED, "ann", "now");
        Schema today = FileControl.getClassSchema();
        Schema former = Schema.createRecord(today.getName(), today.getDoc(), today.getNamespace(), false);
        former.setFields(today.getFields().subList(0, 4).stream()
                .map(field -> withSchema(field, field.schema()))
                .toList());
        byte[] bytes = new RegistryAvroSerializer(registry).serialize("controls", new ControlCodec().toWire(release));

        GenericRecord read = new GenericDatumReader<GenericRecord>(today, former)
                .read(null, DecoderFactory.get().binaryDecoder(
                        bytes,
                        RegistryAvroSerializer.HEADER_BYTES,
                        bytes.length - RegistryAvroSerializer.HEADER_BYTES,
                        null));

        assertThat(read.get("kind")).hasToString("GIVEN_UP");
        assertThat(new FileId(read.get("fileId").toString())).isEqualTo(release.key());
        assertThat(read.get("sending")).isEqualTo(1);
    }

    @Test
    void shouldReadAReleaseWithACauseThatOnlyANewerVersionKnows() {
        var release = new Release(new Place.Bucket("outbound"), EVENT.at(), Release.Cause.CONNECTED, "worker-1");
        FileControl wire = FileControl.newBuilder(new ControlCodec().toWire(release))
                .setCause(ReleaseCause.UNKNOWN)
                .build();

        assertThat(new ControlCodec().fromWire(wire)).isEqualTo(
                new Release(release.place(), release.at(), Release.Cause.STARTED, "worker-1"));
    }

    @Test
    void shouldKeepWhoDidNotWaitForADeadline() {
        var codec = new FileEventCodec();
        var reached = new FileEvent.DeadlineReached(
                EVENT.id(), EVENT.at(), DeadlineKind.RETRY_DUE, 3, new FileEvent.DeadlineReached.Asked("ann", "now"));

        assertThat(codec.fromWire(codec.toWire(reached))).isEqualTo(reached);
    }

    @Test
    void shouldGiveEveryFieldADefaultSoThatItMayBeAddedAndDropped() {
        Stream.of(
                TODAY,
                io.waybill.avro.FileState.getClassSchema(),
                io.waybill.avro.TransferWork.getClassSchema(),
                io.waybill.avro.LedgerMark.getClassSchema(),
                io.waybill.avro.ReadyFile.getClassSchema(),
                io.waybill.avro.DeadLetter.getClassSchema())
                .forEach(schema -> assertThat(schema.getFields())
                        .describedAs(schema.getName())
                        .allSatisfy(field -> assertThat(field.hasDefaultValue())
                                .describedAs(field.name())
                                .isTrue()));
    }

    private FileEvent read(GenericRecord written) {
        byte[] bytes = new RegistryAvroSerializer(registry).serialize("file-events", written);
        return DomainSerdes.of(registry).fileEvent().deserializer().deserialize("file-events", bytes);
    }

    /** The event as a writer with another version of the schema would write it. */
    private static GenericRecord written(Schema schema) {
        var record = new GenericData.Record(schema);
        io.waybill.avro.FileEvent today = new FileEventCodec().toWire(EVENT);
        for (Schema.Field field : schema.getFields()) {
            Schema.Field known = TODAY.getField(field.name());
            if (known != null) {
                record.put(field.pos(), generic(field.schema(), today.get(known.pos())));
            }
        }
        return record;
    }

    private static Object generic(Schema schema, Object value) {
        return value instanceof Instant instant
                ? (Object) instant.toEpochMilli()
                : value instanceof Enum<?> symbol && schema.getType() == Schema.Type.ENUM
                        ? new GenericData.EnumSymbol(schema, symbol.name())
                        : value;
    }

    private static Schema fileEvent(List<Schema.Field> fields) {
        Schema schema = Schema.createRecord(TODAY.getName(), TODAY.getDoc(), TODAY.getNamespace(), false);
        schema.setFields(fields.stream().map(field -> withSchema(field, field.schema())).toList());
        return schema;
    }

    /** A field that is already in a schema cannot be put into another. */
    private static Schema.Field withSchema(Schema.Field field, Schema schema) {
        return new Schema.Field(field.name(), schema, field.doc(), field.defaultVal());
    }
}
