package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase.Waiting;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/** States and letters go between this version and the one before, in which states did not tell their own story. */
class StateEvolutionTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Set<String> ADDED =
            Set.of("waitsAfter", "attemptFailures", "attemptFailuresDropped", "from", "historyDropped");

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final DomainSerdes serdes = DomainSerdes.of(registry);

    @Property(seed = "4712", tries = 500)
    @Domain(DomainArbitraries.class)
    void shouldReadAStateOfTheVersionBeforeAsOneWithoutAStory(@ForAll FileState state) {
        FileState read = fromFormer(serdes.fileState(), state);

        assertThat(read.failures()).isEqualTo(AttemptFailures.NONE);
        assertThat(withoutCause(read)).isEqualTo(withoutCause(state.with(AttemptFailures.NONE)));
    }

    @Property(seed = "4713", tries = 500)
    @Domain(DomainArbitraries.class)
    void shouldWriteAStateThatTheVersionBeforeReadsAsItsOwn(@ForAll FileState state) {
        Schema former = former(io.waybill.avro.FileState.getClassSchema());

        GenericRecord read = asFormer(serdes.fileState(), state, former);

        GenericRecord own = asFormer(serdes.fileState(), state.with(AttemptFailures.NONE), former);
        assertThat(read).isEqualTo(own);
        assertThat(read.get("version")).isEqualTo(state.version());
    }

    @Property(seed = "4714", tries = 500)
    @Domain(DomainArbitraries.class)
    void shouldReadALetterOfTheVersionBefore(@ForAll DeadLetter letter) {
        DeadLetter read = fromFormer(serdes.deadLetter(), letter);

        assertThat(read.reason()).isEqualTo(letter.reason());
        if (letter instanceof DeadLetter.GivenUp(var file, _) && read instanceof DeadLetter.GivenUp(var again, _)) {
            assertThat(again.failures().all())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("from")
                    .isEqualTo(file.failures().all());
            assertThat(again.failures().all()).allSatisfy(each -> assertThat(each.from()).isEqualTo(each.until()));
            assertThat(again.failures().dropped()).isZero();
        }
    }

    @Test
    void shouldKnowByItsTimesWhatAFileOfTheVersionBeforeWaitsAfter() {
        assertThat(cause(new Attempt(1, 2), NOON.plusSeconds(9), NOON.plusSeconds(9))).isEqualTo(Waiting.Cause.FAILURE);
        assertThat(cause(new Attempt(1, 2), NOON.plusSeconds(9), NOON.minusSeconds(9)))
                .isEqualTo(Waiting.Cause.DEFERRAL);
        assertThat(cause(new Attempt(2, 1), NOON.plusSeconds(9), NOON.plusSeconds(9)))
                .isEqualTo(Waiting.Cause.DEFERRAL);
    }

    private Waiting.Cause cause(Attempt attempt, Instant due, Instant since) {
        var source = new SourceObject("outbound", "a", null, "e1", 42, NOON);
        var phase = new Waiting(
                Stage.DELIVERY,
                attempt,
                since.plusSeconds(60),
                due,
                Waiting.Cause.DEFERRAL,
                new Failure(FailureKind.STALLED, "no byte"));
        var state = new FileState(
                new FileId("abcdefghijklmnopqrstuvwxyz"), new RouteName("a"), source, null, null, phase, null, 3, NOON,
                NOON, since);
        return ((Waiting) fromFormer(serdes.fileState(), state).phase()).cause();
    }

    private static FileState withoutCause(FileState state) {
        return state.phase() instanceof Waiting(var stage, var attempt, var claimBy, var due, _, var reason)
                ? new FileState(
                        state.id(),
                        state.route(),
                        state.source(),
                        state.target(),
                        state.lane(),
                        new Waiting(stage, attempt, claimBy, due, Waiting.Cause.DEFERRAL, reason),
                        state.receipt(),
                        state.version(),
                        state.arrivedAt(),
                        state.changedAt(),
                        state.since(),
                        state.sendings(),
                        state.claimableSince(),
                        state.onConflict(),
                        state.failures())
                : state;
    }

    /** A value that was written with the schema of the version before. */
    private <T> T fromFormer(Serde<T> serde, T value) {
        byte[] bytes = serde.serializer().serialize("topic", value);
        Schema former = former(registry.byId(ByteBuffer.wrap(bytes, 1, 4).getInt()));
        GenericRecord record = read(bytes, former);
        return serde.deserializer()
                .deserialize("former", new RegistryAvroSerializer(registry).serialize("former", record));
    }

    private <T> GenericRecord asFormer(Serde<T> serde, T value, Schema former) {
        return read(serde.serializer().serialize("topic", value), former);
    }

    private GenericRecord read(byte[] bytes, Schema reader) {
        Schema writer = registry.byId(ByteBuffer.wrap(bytes, 1, 4).getInt());
        try {
            return new GenericDatumReader<GenericRecord>(writer, reader)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /** A contract as it was in the version before. */
    private static Schema former(Schema today) {
        Schema schema = Schema.createRecord(today.getName(), today.getDoc(), today.getNamespace(), false);
        List<Schema.Field> fields = today.getFields().stream()
                .filter(field -> !ADDED.contains(field.name()))
                .map(field -> new Schema.Field(
                        field.name(), formerType(field.schema()), field.doc(), field.defaultVal()))
                .toList();
        schema.setFields(fields);
        return schema;
    }

    private static Schema formerType(Schema type) {
        return type.getType() == Schema.Type.ARRAY && type.getElementType().getType() == Schema.Type.RECORD
                ? Schema.createArray(former(type.getElementType()))
                : type;
    }
}
