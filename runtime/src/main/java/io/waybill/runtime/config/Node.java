package io.waybill.runtime.config;

import java.util.List;
import java.util.Map;

/** A piece of a configuration file that remembers its place. */
sealed interface Node {
    /** "FILE:LINE:COLUMN", both from 1. */
    String place();

    /** A mapping, in the file's order. */
    record Section(Map<String, Node> children, String place) implements Node {}

    /** A list. */
    record Sequence(List<Node> items, String place) implements Node {}

    /** A single value, as text; empty for a YAML null. */
    record Scalar(String text, String place) implements Node {}
}
