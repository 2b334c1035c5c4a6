package io.waybill.schemas;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;

/** Makes records of a schema that look the same at every time. */
enum Sample {
    /** Every field that may be null is; every other has its default. */
    BARE,
    /** No field is null, no enum is UNKNOWN, no number is zero, no two numbers or texts are alike. */
    FULL;

    GenericRecord of(Schema schema) {
        var made = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            Object value = this == BARE ? GenericData.get().getDefaultValue(field) : full(field, field.schema());
            made.put(field.pos(), value);
        }
        return made;
    }

    private static Object full(Schema.Field field, Schema type) {
        return switch (type.getType()) {
            case UNION -> full(field, type.getTypes().getLast());
            case ENUM -> new GenericData.EnumSymbol(type, type.getEnumSymbols().getLast());
            case STRING -> new Utf8("the " + field.name() + " of März €");
            case BYTES -> ByteBuffer.wrap(new byte[] {0, -1, (byte) field.pos()});
            case INT -> 1_000 + field.pos();
            case LONG -> 1_772_366_400_000L + field.pos();
            case BOOLEAN -> true;
            case MAP -> Map.of(new Utf8("name"), full(field, type.getValueType()));
            case ARRAY -> List.of(full(field, type.getElementType()));
            case RECORD -> FULL.of(type);
            case FIXED, FLOAT, DOUBLE, NULL ->
                throw new IllegalArgumentException("no contract has had a " + type.getType() + " so far: " + field);
        };
    }
}
