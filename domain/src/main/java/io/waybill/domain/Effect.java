package io.waybill.domain;

/** A message to others, because a file moved. */
public sealed interface Effect {
    /** Hand the attempt to a transfer-worker. */
    record Dispatch(TransferWork work) implements Effect {}

    /** Tell the workers that work which they may have is no longer wanted. */
    record GiveUp(Control control) implements Effect {}

    /** Tell the importers. */
    record Announce(ReadyFile file) implements Effect {}
}
