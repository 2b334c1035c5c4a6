package io.waybill.store.queue;

/**
 * A message that was received and is not deleted.
 *
 * @param id      names it in logs
 * @param receipt proves that it was received; the last one counts
 */
public record QueueMessage(String id, String receipt, String body) {}
