package io.waybill.lives;

/** What is promised; each has a checker, and a row in the table of docs/exactly-once.md that says where it holds. */
enum Promise {
    NEVER_OLDER,
    ONLY_OURS,
    TAKEN_NAMES_ARE_KEPT,
    DELIVERED_STAYS,
    COMPLETED_IS_TRUE,
    DONE_FILE_MEANS_WHOLE,
    ONCE_PER_SENDING,
    ONE_MORE_PER_REQUEST,
    DOUBT_IS_KEPT,
    NOTHING_WHILE_IN_DOUBT,
    DEADLINES_FIRE,
    EVERY_LIFE_ENDS,
    NAMES_STAY_APART,
    GIVEN_UP_IS_NOT_BEGUN,
    PAUSED_IS_NOT_BEGUN,
    OTHERS_GO_ON,
    RESEND_IS_SENT,
    FORGOTTEN_STAYS,
    READY_ONCE,
    LETTERS_AGREE;

    /** As the table has it. */
    String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
