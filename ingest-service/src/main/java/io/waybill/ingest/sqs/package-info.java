/** Brings notifications from queues of SQS to the topic of notifications. */
@NullMarked
package io.waybill.ingest.sqs;

import org.jspecify.annotations.NullMarked;
