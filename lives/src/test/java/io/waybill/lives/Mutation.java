package io.waybill.lives;

/** One thing that the product, or what it relies on, does wrong in every life; the searcher must see it. */
enum Mutation {
    CONTROLS_NEVER_HEARD(Promise.GIVEN_UP_IS_NOT_BEGUN),
    PAUSES_NEVER_HEARD(Promise.PAUSED_IS_NOT_BEGUN),
    RELEASES_NEVER_HEARD(Promise.OTHERS_GO_ON),
    DURATIONS_BY_THE_WALL_CLOCK(Promise.OTHERS_GO_ON),
    INTENTS_NOT_TAKEN_OVER(Promise.OTHERS_GO_ON),
    INDEX_NOT_READ(Promise.NEVER_OLDER),
    NOBODY_IS_FENCED(Promise.ONCE_PER_SENDING),
    ABORTED_RECORDS_ARE_READ(Promise.EVERY_LIFE_ENDS),
    TRIMMED_TO_THE_END(Promise.EVERY_LIFE_ENDS),
    FOLDING_NOT_TOLD(Promise.NAMES_STAY_APART),
    DEADLINES_NOT_WATCHED(Promise.DEADLINES_FIRE),
    /** The work of a resend does not say which deliveries are known. */
    DELIVERED_NOT_NAMED(Promise.RESEND_IS_SENT),
    /** The history of a file is kept when it is forgotten. */
    HISTORY_NOT_FORGOTTEN(Promise.FORGOTTEN_STAYS),
    ANNOUNCED_TWICE(Promise.READY_ONCE),
    MONITOR_FORGETS(Promise.LETTERS_AGREE),
    MONITOR_SAYS_ONCE(Promise.EVERY_LIFE_ENDS);

    private final Promise broken;

    Mutation(Promise broken) {
        this.broken = broken;
    }

    /** The promise that it breaks, perhaps beside others. */
    Promise broken() {
        return broken;
    }

    /** Whether it is in what only the monitored lives have. */
    boolean ofMonitor() {
        return this == MONITOR_FORGETS || this == MONITOR_SAYS_ONCE;
    }

    /** A world in which it is always so. */
    Mischief always() {
        return new Mischief() {
            @Override
            public boolean does(Mutation mutation) {
                return mutation == Mutation.this;
            }
        };
    }
}
