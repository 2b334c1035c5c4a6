package io.waybill.domain;

/** What a route does with a file: first one, then perhaps the other. Each lives through all statuses. */
public enum Stage {
    /** A transfer-worker writes the file to its destination. */
    DELIVERY,
    /** An importer downstream claims the file and reports. */
    IMPORT
}
