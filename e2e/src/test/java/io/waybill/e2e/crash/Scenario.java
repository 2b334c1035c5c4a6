package io.waybill.e2e.crash;

/**
 * What a run is about.
 *
 * @param lives whether files have more of a life than one delivery: some keys get several versions, and an operator cancels
 *              and redrives
 */
record Scenario(Profile profile, boolean lives) {
    /** Every key is put once, and nobody interferes. */
    static final Scenario PLAIN = new Scenario(Profile.OPENSSH, false);
}
