package io.waybill.e2e.deploy;

import java.util.Locale;

/** What a worker with the new image does. Each is one namespace of the cluster. */
enum Canary {
    GOOD,
    IDLE,
    FAILS_AS_ONE_OF_MANY,
    FAILS_MORE_THAN_OTHERS,
    FAILS_BY_ITSELF,
    HOLDS_PARTITIONS,
    REACHES_NO_DESTINATION,
    READS_NO_BUCKET,
    COMMITS_SLOWLY,
    NEVER_BECOMES_READY,
    IS_NOT_SCRAPED,
    /** A person goes step by step. */
    IS_LED;

    String namespace() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The metrics of a worker.
     *
     * @param isNew   whether it has the new image
     * @param uptime  in seconds
     * @param scrapes how often it was asked
     */
    String metrics(boolean isNew, double uptime, int scrapes) {
        boolean troubled = isNew && this != GOOD && this != IS_LED && this != FAILS_AS_ONE_OF_MANY;
        boolean all = this == FAILS_AS_ONE_OF_MANY;
        return """
                process_uptime_seconds %s
                waybill_worker_items_total{destination="acme",outcome="delivered"} %d
                waybill_worker_items_total{destination="acme",outcome="REMOTE_ERROR"} %d
                waybill_worker_items_total{destination="acme",outcome="deferred"} %d
                %swaybill_worker_partitions_held %d
                waybill_worker_destination_up{destination="acme"} %d
                waybill_worker_source_up{bucket="outbound"} %d
                waybill_worker_commit_seconds_max %s
                """.formatted(
                uptime,
                troubled && this == IDLE ? 0 : 10 * scrapes,
                all || troubled && this == FAILS_MORE_THAN_OTHERS ? 5 * scrapes : 0,
                scrapes,
                troubled && this == FAILS_BY_ITSELF
                        ? "waybill_worker_items_total{destination=\"acme\",outcome=\"INTERNAL\"} 1\n"
                        : "",
                troubled && this == HOLDS_PARTITIONS ? 1 : 0,
                troubled && this == REACHES_NO_DESTINATION ? 0 : 1,
                troubled && this == READS_NO_BUCKET ? 0 : 1,
                troubled && this == COMMITS_SLOWLY ? "1.5" : "0.02");
    }
}
