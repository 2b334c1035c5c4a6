package io.waybill.domain;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class HonestWorkersTest {
    @Property(tries = 20_000, seed = "20261202")
    void noWorkIsLeftThatNobodyWantsAndNoDoubtIsLostAndNobodyGetsMoreThanWasAskedFor(@ForAll long seed) {
        new HonestWorkers(seed).live();
    }
}
