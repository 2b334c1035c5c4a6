package io.waybill.ingest.source;

/** The kinds of sources, as {@code sources.NAME.type} names them. */
enum SourceType {
    /** A queue of SQS with notifications. */
    SQS
}
