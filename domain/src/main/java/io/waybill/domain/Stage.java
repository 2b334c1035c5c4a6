package io.waybill.domain;

/** What a route does with a file: first the one stage, then perhaps the other. Each stage goes through all statuses. */
public enum Stage {
    /** A transfer-worker writes the file to its destination. */
    DELIVERY,
    /** An importer downstream claims the file and reports. */
    IMPORT
}
