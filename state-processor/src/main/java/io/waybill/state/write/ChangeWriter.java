package io.waybill.state.write;

/** Writes what requests change. All instances of the product's own requests go through it. Safe for several threads. */
@FunctionalInterface
public interface ChangeWriter {
    /**
     * Returns when the whole change is durable. Throws {@link NotWrittenException} if it is not, or if that is not known.
     */
    void write(Change change);
}
