package io.waybill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every contract of today is held to. */
final class ContractsTest {
    private static final Map<String, Schema> PRESENT = Contracts.in(Contracts.PRESENT);

    static Collection<Schema> present() {
        return PRESENT.values();
    }

    static List<Contracts.Past> past() {
        return Contracts.past();
    }

    @ParameterizedTest
    @MethodSource("past")
    void shouldReadWhatAPastVersionWroteAndBeReadByIt(Contracts.Past past) {
        Schema now = Objects.requireNonNull(PRESENT.get(past.schema().getName()), "a contract has gone");

        assertThat(faults(now, past.schema())).as("today's reader, past writer").isEmpty();
        assertThat(faults(past.schema(), now)).as("past reader, today's writer").isEmpty();
    }

    private static List<String> faults(Schema reader, Schema writer) {
        var result =
                SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
        return result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE
                ? List.of()
                : result.getIncompatibilities().stream()
                        .map(fault -> fault.getLocation() + ": " + fault.getMessage())
                        .toList();
    }

    /** Avro itself would let a field go that has a default, and does not look at logical types. */
    @ParameterizedTest
    @MethodSource("past")
    void shouldKeepEveryFieldAndWhatItMeans(Contracts.Past past) {
        Schema now = Objects.requireNonNull(PRESENT.get(past.schema().getName()), "a contract has gone");

        assertThat(past.schema().getFields()).allSatisfy(field -> {
            Schema.Field kept = now.getField(field.name());
            assertThat(kept).as("field %s", field.name()).isNotNull();
            assertThat(kept.schema().getType()).isEqualTo(field.schema().getType());
            assertThat(bare(kept.schema()).getLogicalType())
                    .isEqualTo(bare(field.schema()).getLogicalType());
        });
    }

    private static Schema bare(Schema type) {
        return type.isUnion() ? type.getTypes().getLast() : type;
    }

    @ParameterizedTest
    @MethodSource("present")
    void shouldSayOfEveryFieldWhatItIsAndWhatItIsWhenAbsent(Schema contract) {
        assertThat(records(contract)).allSatisfy(record -> assertThat(record.getDoc()).isNotBlank());
        assertThat(fields(contract)).allSatisfy(field -> {
            assertThat(field.doc()).as("doc of %s", field.name()).isNotBlank();
            assertThat(field.hasDefaultValue())
                    .as("%s has a default", field.name())
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("present")
    void shouldReadAnUnheardOfSymbolAsUnknown(Schema contract) {
        assertThat(enums(contract)).allSatisfy(type -> {
            assertThat(type.getEnumDefault()).as("default of %s", type.getName()).isEqualTo("UNKNOWN");
            assertThat(type.getEnumSymbols()).startsWith("UNKNOWN");
            assertThat(type.getDoc()).isNotBlank();
        });
    }

    private static List<Schema> enums(Schema contract) {
        return types(contract).filter(type -> type.getType() == Schema.Type.ENUM).toList();
    }

    /** The types that several contracts may define: enums, and the records of lists. */
    private static List<Schema> named(Schema contract) {
        return Stream.concat(enums(contract).stream(), records(contract).skip(1)).toList();
    }

    private static Stream<Schema> types(Schema contract) {
        return fields(contract).stream()
                .map(Schema.Field::schema)
                .flatMap(type -> type.isUnion() ? type.getTypes().stream() : Stream.of(type));
    }

    private static List<Schema.Field> fields(Schema contract) {
        return records(contract).flatMap(record -> record.getFields().stream()).toList();
    }

    /** The contract and the records that stand in its lists. */
    private static Stream<Schema> records(Schema contract) {
        return Stream.concat(
                Stream.of(contract),
                contract.getFields().stream()
                        .map(Schema.Field::schema)
                        .filter(type -> type.getType() == Schema.Type.ARRAY)
                        .map(Schema::getElementType)
                        .filter(type -> type.getType() == Schema.Type.RECORD)
                        .flatMap(ContractsTest::records));
    }

    @ParameterizedTest
    @MethodSource("present")
    void shouldUseOnlyWhatTablesAndConsolesReadWell(Schema contract) {
        assertThat(contract.getNamespace()).isEqualTo("io.waybill.avro");
        assertThat(fields(contract)).allSatisfy(field -> {
            Schema type = field.schema();
            if (type.isUnion()) {
                assertThat(type.getTypes()).as("%s is null or one type", field.name()).hasSize(2);
                assertThat(type.getTypes().getFirst().getType()).isEqualTo(Schema.Type.NULL);
            }
            assertThat(bare(type).getType())
                    .as("type of %s", field.name())
                    .isIn(
                            Schema.Type.STRING,
                            Schema.Type.LONG,
                            Schema.Type.INT,
                            Schema.Type.BOOLEAN,
                            Schema.Type.ENUM,
                            Schema.Type.BYTES,
                            Schema.Type.ARRAY,
                            Schema.Type.MAP);
            if (bare(type).getLogicalType() != null) {
                assertThat(bare(type).getLogicalType().getName()).isEqualTo("timestamp-millis");
            }
        });
    }

    /** Each file defines the types it needs, but the classes are made once. */
    @Test
    void shouldDefineATypeAlikeWhereverItIsDefined() {
        var first = new HashMap<String, Schema>();
        for (Schema contract : PRESENT.values()) {
            for (Schema type : named(contract)) {
                Schema before = first.putIfAbsent(type.getFullName(), type);
                if (before != null) {
                    assertThat(type.toString()).isEqualTo(before.toString());
                }
            }
        }
        assertThat(first).isNotEmpty();
    }
}
