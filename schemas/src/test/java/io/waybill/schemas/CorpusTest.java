package io.waybill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that a past version wrote, read by the classes of today. */
final class CorpusTest {
    /** Avro makes no class that a schema names unless somebody vouches for it. */
    @BeforeAll
    static void trustOurClasses() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals("io.waybill.avro")));
    }

    static Stream<Arguments> corpus() {
        return Contracts.past().stream()
                .flatMap(past -> Arrays.stream(Sample.values()).map(sample -> Arguments.of(past, sample)));
    }

    static Path file(String version, Schema schema, Sample sample) {
        return Contracts.CORPUS.resolve(version).resolve(schema.getName() + "." + sample + ".bin");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void shouldStillMeanWhatItMeant(Contracts.Past past, Sample sample) throws IOException {
        byte[] bytes = Files.readAllBytes(file(past.version(), past.schema(), sample));
        Schema now = SpecificData.get().getSchema(classOf(past.schema()));

        SpecificRecord read = read(bytes, new SpecificDatumReader<>(past.schema(), now));

        GenericRecord meant = sample.of(past.schema());
        for (Schema.Field field : now.getFields()) {
            Object expected = past.schema().getField(field.name()) == null
                    ? GenericData.get().getDefaultValue(field)
                    : asToday(meant.get(field.name()), field.schema());
            assertThat(text(read.get(field.pos()))).as(field.name()).isEqualTo(text(expected));
        }
    }

    /** The records of a list, with what has been added to them since. */
    private static Object asToday(Object meant, Schema now) {
        return meant instanceof List<?> list
                && now.getType() == Schema.Type.ARRAY
                && now.getElementType().getType() == Schema.Type.RECORD
                        ? list.stream()
                                .map(each -> asToday((GenericRecord) each, now.getElementType()))
                                .toList()
                        : meant;
    }

    private static GenericRecord asToday(GenericRecord meant, Schema now) {
        var record = new GenericData.Record(now);
        for (Schema.Field field : now.getFields()) {
            record.put(
                    field.pos(),
                    meant.hasField(field.name())
                            ? meant.get(field.name())
                            : GenericData.get().getDefaultValue(field));
        }
        return record;
    }

    /** A sample that both sides make anew would hide a change of the bytes. */
    @ParameterizedTest
    @MethodSource("corpus")
    void shouldHoldTheSampleOfItsVersion(Contracts.Past past, Sample sample) throws IOException {
        byte[] bytes = Files.readAllBytes(file(past.version(), past.schema(), sample));

        GenericRecord read = read(bytes, new GenericDatumReader<>(past.schema()));

        assertThat(read).isEqualTo(sample.of(past.schema()));
    }

    @Test
    void shouldHoldNothingElse() throws IOException {
        List<Path> expected = Contracts.past().stream()
                .flatMap(past -> Arrays.stream(Sample.values())
                        .map(sample -> file(past.version(), past.schema(), sample)))
                .toList();
        try (Stream<Path> found = Files.walk(Contracts.CORPUS)) {
            assertThat(found.filter(Files::isRegularFile)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static <T> T read(byte[] bytes, DatumReader<T> reader) throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
        T record = reader.read(null, decoder);
        assertThat(decoder.isEnd()).as("all bytes are read").isTrue();
        return record;
    }

    private static Class<?> classOf(Schema schema) {
        try {
            return Class.forName(schema.getFullName());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("a contract has gone: " + schema.getFullName(), e);
        }
    }

    /** Generic and generated classes hold one value in differing types: Utf8 and String, long and Instant. */
    private static String text(Object value) {
        return switch (value) {
            case java.time.Instant instant -> String.valueOf(instant.toEpochMilli());
            case List<?> list -> list.stream().map(CorpusTest::text).toList().toString();
            case IndexedRecord nested ->
                nested.getSchema().getFields().stream()
                        .map(field -> field.name() + "=" + text(nested.get(field.pos())))
                        .toList()
                        .toString();
            case null, default -> Objects.toString(value);
        };
    }
}
