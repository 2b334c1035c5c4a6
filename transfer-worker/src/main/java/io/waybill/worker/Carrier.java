package io.waybill.worker;

import io.waybill.domain.Lane;
import io.waybill.domain.TransferWork;

/** Makes attempts. Any number of threads. */
@FunctionalInterface
interface Carrier {
    /**
     * Makes one attempt to its end. Never throws for anything that a store, a network or a destination does.
     *
     * @param lane    whose connection to use
     * @param mandate whether the attempt is still to be made; asked before every step that others can see
     */
    Outcome carry(TransferWork work, Lane lane, Mandate mandate);
}
