/**
 * Three real Kafka nodes on loopback, each a process of its own that a test can kill, stop and start again.
 */
@NullMarked
package io.waybill.testkit.brokers;

import org.jspecify.annotations.NullMarked;
